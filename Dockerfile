# syntax=docker/dockerfile:1

# For production, add the digest of the tag, so that the base image cannot change.
ARG NODE_IMAGE=node:24.21.0-trixie-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /source
ENV NX_DAEMON=false
# Manifests first: if only sources change, the layer of the installation is reused.
COPY package.json package-lock.json .npmrc ./
COPY apps/server/package.json apps/server/
COPY apps/server/bin apps/server/bin/
COPY libs/client/package.json libs/client/
COPY libs/model/package.json libs/model/
COPY libs/oidc-provider/package.json libs/oidc-provider/
COPY tools/package.json tools/
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts
COPY . .
RUN --mount=type=cache,target=/root/.npm npx nx run server:package

FROM ${NODE_IMAGE} AS install
WORKDIR /app
COPY --from=build /source/dist/server ./
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --ignore-scripts

FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title="Clientele" \
      org.opencontainers.image.description="The open, self-hosted client registry for OAuth 2.0 and OpenID Connect" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    DATA_DIR=/data
WORKDIR /app
COPY --from=install /app ./
RUN install --directory --owner=node --group=node --mode=0700 /data \
 && ln --symbolic /app/bin/clientele.mjs /usr/local/bin/clientele
# The user node by number: Kubernetes cannot check whether a name is root (runAsNonRoot).
USER 1000:1000
VOLUME /data
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.MANAGEMENT_PORT || process.env.PORT || 3000}/health/ready`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/bin/clientele.mjs"]
CMD ["serve"]
