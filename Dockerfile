# The image of one service: docker build --build-arg SERVICE=routing .
# It holds that service, shared/ and config/, and nothing of the other services.
ARG PYTHON=python:3.13-slim

FROM ${PYTHON} AS libraries
COPY requirements/services.txt /build/
RUN python -m venv --without-pip /opt/venv \
 && pip --python /opt/venv/bin/python install --no-cache-dir --disable-pip-version-check --root-user-action=ignore \
    --require-hashes --only-binary=:all: -r /build/services.txt

FROM ${PYTHON}
RUN useradd --uid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin service
COPY --from=libraries /opt/venv /opt/venv
WORKDIR /app
ARG SERVICE
RUN test -n "$SERVICE" || { echo "Say which service: --build-arg SERVICE=intake|routing|notifications|reporting"; exit 1; }
COPY shared shared
COPY config config
COPY services/__init__.py services/
COPY services/${SERVICE} services/${SERVICE}
# Compiled here, as nothing can be written at run time.
RUN /opt/venv/bin/python -m compileall -q shared services

ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    SERVICE=${SERVICE} HTTP_HOST=0.0.0.0 HTTP_PORT=8000 CONFIG_DIR=/app/config
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=6 CMD ["python", "-m", "shared.ready"]
# Without words it serves; `docker compose run --rm routing parked` and the like run a command.
ENTRYPOINT ["/bin/sh", "-c", "[ $# -gt 0 ] || exec python -m services.$SERVICE.serve; exec python -m services.$SERVICE \"$@\"", "service"]
CMD []
