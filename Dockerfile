# Built for amd64 and arm64 alike: nothing here is compiled for a machine, so the build stages run
# on the builder's own and only `node` itself comes from the target's image.
#   docker build -t nuts-nestjs .
#   docker buildx build --platform linux/amd64,linux/arm64 -t registry.example.com/nuts-nestjs:0.1.0 --push .
ARG NODE_IMAGE=node:24-bookworm-slim
ARG RUNTIME_IMAGE=debian:bookworm-slim

FROM --platform=$BUILDPLATFORM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY nest-cli.json tsconfig.json tsconfig.build.json ./
COPY libs libs
COPY src src
COPY console console
COPY scripts/build scripts/build
RUN npm run build && find dist -name '*.d.ts' -delete

FROM --platform=$BUILDPLATFORM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Types, sources and maps of the packages are a third of their size, and nobody reads them here.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
  && find node_modules \( -name '*.d.ts' -o -name '*.d.cts' -o -name '*.d.mts' -o -name '*.map' -o -name '*.md' \) -type f -delete

FROM ${NODE_IMAGE} AS node

# Without npm, yarn and corepack: the runtime has node, a C library and little else.
FROM ${RUNTIME_IMAGE}
COPY --from=node /usr/local/bin/node /usr/local/bin/node
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/package.json ./
COPY --from=build /app/dist dist
COPY deploy/container/*.js ./
# A number, so that Kubernetes can see that it is not root. It owns nothing and writes nothing.
USER 1000:1000
EXPOSE 8080
STOPSIGNAL SIGTERM
# Alive, not ready: an outage of NATS is no reason to restart a container.
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s CMD ["node", "healthcheck.js"]
# The exec form: Node is process 1, and SIGTERM reaches it.
CMD ["node", "--enable-source-maps", "dist/src/main.js"]
