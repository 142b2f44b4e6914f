// Every key, and where things are.
import type { JSX } from 'preact';
import { setSingleKeys, singleKeys } from './singles.ts';
import { Dialog } from './ui.tsx';

const KEYS: [string, string][] = [
  ['/', 'search'], ['Arrow keys', 'in the picture: move among parties'], ['Enter', 'in the picture: details of the selected party'], ['e', 'relations to expand'],
  ['c', 'collapse the selected party'], ['h', 'hide it'], ['p', 'pin it where it is'], ['t', 'its ownership tree'], ['n', 'the network'], ['v', 'picture, table, or both'],
  ['f', 'find connections'], ['w', 'what if'], ['o', 'notes of your own'], ['x', 'export this view'], ['l', 'copy a link to this view'],
  ['+  −  0', 'in the picture: nearer, farther, all of it'], ['Ctrl+Z, u', 'undo'], ['Ctrl+Shift+Z, Ctrl+Y, r', 'redo'], ['Escape', 'back to the picture; close'], ['?', 'this help'],
];

export const Help = ({ onClose }: { onClose: () => void }): JSX.Element => (
  <Dialog title="Keys" onClose={onClose}>
    <table class="plain keys"><thead><tr><th scope="col">Key</th><th scope="col">Does</th></tr></thead>
      <tbody>{KEYS.map(([k, w]) => <tr key={k}><th scope="row"><kbd>{k}</kbd></th><td>{w}</td></tr>)}</tbody></table>
    <label class="check"><input type="checkbox" checked={singleKeys()} onChange={(e) => { setSingleKeys(e.currentTarget.checked); }} /> Single letters and signs are keys, where no text is being typed</label>
    <p>Switched off (kept in this browser), arrow keys, Enter, Escape and those with Ctrl still work, and in the picture + − 0. Everything that can be dragged has a button, everything in a picture stands in its table.</p>
    <p class="quiet">Nothing leaves this machine: the page talks to this server only. Links to sources open in a new tab when you follow them. <a href="/licences.txt" target="_blank" rel="noopener">Licences of what the page is made with</a></p>
  </Dialog>
);
