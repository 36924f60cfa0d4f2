package org.apache.spark.sql.hive.thriftserver

import org.apache.hive.service.cli.thrift.ThriftHttpCLIService
import org.apache.spark.util.ShutdownHookManager
import org.sparkproject.jetty.server.{Server, ServerConnector}

/**
 * Spark's Thrift server over HTTP takes no host and would listen on every interface. This one starts it on a port
 * that the system picks, and at once moves it to the wanted port of 127.0.0.1. Compiled when the sandbox is
 * installed, by the compiler that Spark brings; it lies in this package because what it calls is Spark's own.
 */
object LoopbackThriftServer {
  def main(args: Array[String]): Unit = {
    val port = args(0).toInt
    SparkSQLEnv.init()
    ShutdownHookManager.addShutdownHook(() => SparkSQLEnv.stop())
    val server = HiveThriftServer2.startWithSparkSession(SparkSQLEnv.sparkSession, exitOnError = true)
    server.getServices.forEach {
      case http: ThriftHttpCLIService => moveToLoopback(http, port)
      case _ =>
    }
  }

  private def moveToLoopback(service: ThriftHttpCLIService, port: Int): Unit = {
    val field = classOf[ThriftHttpCLIService].getDeclaredField("httpServer")
    field.setAccessible(true)
    field.get(service).asInstanceOf[Server].getConnectors.foreach {
      case connector: ServerConnector =>
        connector.stop()
        connector.setHost("127.0.0.1")
        connector.setPort(port)
        connector.start()
    }
  }
}
