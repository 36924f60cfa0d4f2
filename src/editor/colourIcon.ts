/** The colour a person gave to a connection or a workspace, as an icon. */
import * as vscode from 'vscode';
import type { Colour } from '../core/connections.ts';

/** Ours: the orange of charts is hardly seen in VS Code's own dark theme. */
const ORANGE = 'ordersLakehouse.orange';

/** `plain` is the icon of one without a colour. */
export const colourIcon = (colour: Colour, plain: string): vscode.ThemeIcon =>
  colour === 'none'
    ? new vscode.ThemeIcon(plain)
    : new vscode.ThemeIcon(
        'circle-filled',
        new vscode.ThemeColor(colour === 'orange' ? ORANGE : `charts.${colour}`),
      );
