import { render } from 'preact';
import { App } from './app.js';
import { openSession } from './session.js';

render(<App session={await openSession()} />, document.getElementById('page')!);
