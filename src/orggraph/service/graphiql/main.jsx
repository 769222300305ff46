// The page. In: what the service wrote into #opening (titles, the document to open with). Out: GraphiQL on our /graphql.
import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import './page.css';
import icon from './icon.svg';
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL, HISTORY_PLUGIN } from 'graphiql';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

const opening = JSON.parse(document.getElementById('opening').textContent);
const fetcher = createGraphiQLFetcher({ url: new URL(opening.graphql, document.baseURI).href });
const tab = { query: opening.document, variables: opening.variables };

createRoot(document.getElementById('page')).render(
  <StrictMode>
    <GraphiQL
      fetcher={fetcher}
      plugins={[HISTORY_PLUGIN]}
      defaultQuery={opening.document}
      defaultTabs={[tab]}
      defaultEditorToolsVisibility="variables"
    >
      <GraphiQL.Logo>
        <img src={icon} alt="" /> <span lang="zh">{opening.title.zh}</span> <span lang="en">{opening.title.en}</span>
      </GraphiQL.Logo>
    </GraphiQL>
  </StrictMode>,
);
