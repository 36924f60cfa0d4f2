/** Python 3.12 as the target runtime has it. */

/** Every module that needs no underscore: `sys.stdlib_module_names` of CPython 3.12. */
export const STDLIB: ReadonlySet<string> = new Set(
  `
__future__ abc aifc antigravity argparse array ast asyncio atexit audioop base64 bdb binascii bisect
builtins bz2 cProfile calendar cgi cgitb chunk cmath cmd code codecs codeop collections colorsys
compileall concurrent configparser contextlib contextvars copy copyreg crypt csv ctypes curses
dataclasses datetime dbm decimal difflib dis doctest email encodings ensurepip enum errno faulthandler
fcntl filecmp fileinput fnmatch fractions ftplib functools gc genericpath getopt getpass gettext glob
graphlib grp gzip hashlib heapq hmac html http idlelib imaplib imghdr importlib inspect io ipaddress
itertools json keyword lib2to3 linecache locale logging lzma mailbox mailcap marshal math mimetypes mmap
modulefinder msilib msvcrt multiprocessing netrc nis nntplib nt ntpath nturl2path numbers opcode operator
optparse os ossaudiodev pathlib pdb pickle pickletools pipes pkgutil platform plistlib poplib posix
posixpath pprint profile pstats pty pwd py_compile pyclbr pydoc pydoc_data pyexpat queue quopri random re
readline reprlib resource rlcompleter runpy sched secrets select selectors shelve shlex shutil signal
site smtplib sndhdr socket socketserver spwd sqlite3 sre_compile sre_constants sre_parse ssl stat
statistics string stringprep struct subprocess sunau symtable sys sysconfig syslog tabnanny tarfile
telnetlib tempfile termios textwrap this threading time timeit tkinter token tokenize tomllib trace
traceback tracemalloc tty turtle turtledemo types typing unicodedata unittest urllib uu uuid venv
warnings wave weakref webbrowser winreg winsound wsgiref xdrlib xml xmlrpc zipapp zipfile zipimport zlib
zoneinfo
`
    .trim()
    .split(/\s+/),
);

/** Named in 3.12's standard library and not to be had on Linux. */
export const ONLY_ON_WINDOWS: ReadonlySet<string> = new Set(['msilib', 'msvcrt', 'nt', 'winreg', 'winsound']);

/** Taken out in 3.12 (https://docs.python.org/3.12/whatsnew/3.12.html#removed), with what is there in its place. */
export const REMOVED: ReadonlyMap<string, string> = new Map([
  ['asynchat', 'asyncio'],
  ['asyncore', 'asyncio'],
  ['distutils', 'setuptools'],
  ['imp', 'importlib'],
  ['smtpd', 'aiosmtpd'],
]);

/** Modules that came with a later Python. */
export const NEWER_MODULES: ReadonlyMap<string, string> = new Map([
  ['annotationlib', '3.14'],
  ['compression', '3.14'],
  ['concurrent.interpreters', '3.14'],
  ['dbm.sqlite3', '3.13'],
  ['pathlib.types', '3.14'],
  ['string.templatelib', '3.14'],
]);

/**
 * Names that came with a later Python: those of 3.13 are what its modules have and 3.12's have not, of 3.14 the ones that
 * its "What's new" names first.
 */
export const NEWER_NAMES: ReadonlyMap<string, string> = new Map([
  ['asyncio.QueueShutDown', '3.13'],
  ['base64.z85decode', '3.13'],
  ['base64.z85encode', '3.13'],
  ['configparser.MultilineContinuationError', '3.13'],
  ['configparser.UNNAMED_SECTION', '3.13'],
  ['copy.replace', '3.13'],
  ['enum.EnumDict', '3.13'],
  ['functools.Placeholder', '3.14'],
  ['glob.translate', '3.13'],
  ['heapq.heappush_max', '3.14'],
  ['math.fma', '3.13'],
  ['mimetypes.guess_file_type', '3.13'],
  ['operator.is_none', '3.14'],
  ['operator.is_not_none', '3.14'],
  ['pathlib.UnsupportedOperation', '3.13'],
  ['queue.ShutDown', '3.13'],
  ['re.PatternError', '3.13'],
  ['statistics.kde', '3.13'],
  ['statistics.kde_random', '3.13'],
  ['types.CapsuleType', '3.13'],
  ['typing.NoDefault', '3.13'],
  ['typing.ReadOnly', '3.13'],
  ['typing.TypeIs', '3.13'],
  ['typing.evaluate_forward_ref', '3.14'],
  ['typing.get_protocol_members', '3.13'],
  ['typing.is_protocol', '3.13'],
  ['uuid.uuid6', '3.14'],
  ['uuid.uuid7', '3.14'],
  ['uuid.uuid8', '3.14'],
  ['warnings.deprecated', '3.13'],
]);
