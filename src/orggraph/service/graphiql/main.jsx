// The page. In: what the service wrote into #opening (model, titles, the question to open with). Out: GraphiQL on our /graphql.
// It opens with that question the first time, later with what was there; a link with ?query=…&variables=… opens with these.
import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import './page.css';
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import icon from './icon.svg';

const opening = JSON.parse(document.getElementById('opening').textContent);
const fetcher = createGraphiQLFetcher({ url: new URL(opening.graphql, document.baseURI).href });

// What a browser keeps of one model's page is not shown on another's that comes to stand at the same address.
const named = (name) => `orggraph:${opening.model}:${name}`;
const storage = {
  getItem: (name) => localStorage.getItem(named(name)),
  setItem: (name, value) => localStorage.setItem(named(name), value),
  removeItem: (name) => localStorage.removeItem(named(name)),
  clear: () => localStorage.clear(),
  get length() { return localStorage.length; },
};

function asked() {
  const link = new URLSearchParams(location.search);
  if (link.has('query')) return { initialQuery: link.get('query'), initialVariables: link.get('variables') ?? '' };
  if (storage.getItem('graphiql:tabState') === null) {
    return { initialQuery: opening.document, initialVariables: opening.variables };
  }
  return {};
}

createRoot(document.getElementById('page')).render(
  <StrictMode>
    <GraphiQL fetcher={fetcher} storage={storage} defaultEditorToolsVisibility="variables" {...asked()}>
      <GraphiQL.Logo>
        <img src={icon} alt="" /> <span lang="zh">{opening.title.zh}</span> <span lang="en">{opening.title.en}</span>
      </GraphiQL.Logo>
    </GraphiQL>
  </StrictMode>,
);
