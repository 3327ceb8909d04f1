import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { router } from './router.tsx';
import '../../src/server/tickmark.css';
import './dashboard.css';

const client = new QueryClient({ defaultOptions: { queries: { staleTime: 30_000, refetchOnWindowFocus: true } } });

router.subscribe('onResolved', () => {
  const named = router.state.matches.flatMap(({ staticData, params }) => staticData.title?.(params as Record<string, string>) ?? []);
  document.title = [...named.toReversed(), 'Tickmark'].join(' · ');
});

const root = document.getElementById('root');
if (root)
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  );
