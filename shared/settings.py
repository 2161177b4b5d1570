"""Settings every service has. Values come from environment variables; secrets from files named by `*_FILE`."""

import socket
import ssl
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, SettingsConfigDict

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def read_secret(path: Path) -> SecretStr:
    """The secret in a file, without the line end."""
    return SecretStr(path.read_text().strip())


class KafkaSettings(BaseSettings):
    """The bus."""

    model_config = SettingsConfigDict(env_prefix="KAFKA_", hide_input_in_errors=True)

    bootstrap_servers: str = Field("127.0.0.1:19092", description="host:port of a broker, several with commas")
    client_id: str = Field("referral-bus", description="name shown in the broker's logs")
    security_protocol: Literal["PLAINTEXT", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        "PLAINTEXT", description="PLAINTEXT only on loopback"
    )
    sasl_username: str | None = Field(None, description="this service's own principal")
    sasl_password_file: Path | None = Field(None, description="file with its password")
    ca_file: Path | None = Field(None, description="certificate authority of the broker's certificate")
    request_timeout_ms: int = Field(10_000, description="milliseconds until an unanswered request counts as failed")
    session_timeout_ms: int = Field(10_000, description="milliseconds until a silent group member is replaced")
    drain_seconds: float = Field(15.0, description="seconds a batch may take to finish at shutdown")
    max_records: int = Field(500, description="records in one batch")

    @property
    def sasl_password(self) -> SecretStr | None:
        """The password, read when it is needed."""
        return read_secret(self.sasl_password_file) if self.sasl_password_file else None

    def ssl_context(self) -> ssl.SSLContext | None:
        """The TLS context, where the protocol has one."""
        if self.security_protocol != "SASL_SSL":
            return None
        return ssl.create_default_context(cafile=str(self.ca_file) if self.ca_file else None)


class MongoSettings(BaseSettings):
    """The database. The password, where there is one, comes from MONGO_URL_FILE."""

    model_config = SettingsConfigDict(env_prefix="MONGO_", hide_input_in_errors=True)

    url: SecretStr = Field(
        SecretStr("mongodb://127.0.0.1:27117/?replicaSet=rs0"), description="connection string without a password"
    )
    url_file: Path | None = Field(None, description="file with the whole connection string; wins over MONGO_URL")
    database: str = Field("", description="name of this service's database; default: the service's name")

    def connection_string(self) -> str:
        """The string to connect with."""
        secret = read_secret(self.url_file) if self.url_file else self.url
        return secret.get_secret_value()


class IdentitySettings(BaseSettings):
    """Who may sign tokens for the guarded APIs. Without an issuer these answer nobody."""

    model_config = SettingsConfigDict(env_prefix="OIDC_", hide_input_in_errors=True)

    issuer: str = Field("", description="the `iss` of its tokens, exactly; none: nobody can sign in")
    audience: str = Field("referral-bus", description="the `aud` that a token has to name")
    jwks_url: str = Field("", description="where it publishes its signing keys")
    leeway_seconds: int = Field(30, ge=0, le=120, description="how far its clock may differ from ours")

    @model_validator(mode="after")
    def _over_tls_but_on_loopback(self) -> Self:
        if bool(self.issuer) is not bool(self.jwks_url):
            raise ValueError("set both OIDC_ISSUER and OIDC_JWKS_URL, or neither")
        for url in filter(None, (self.issuer, self.jwks_url)):
            parts = urlsplit(url)
            if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
                raise ValueError("OIDC_ISSUER and OIDC_JWKS_URL: use https; http is for loopback only")
        return self


class ServiceSettings(BaseSettings):
    """What every service is told besides its own settings."""

    model_config = SettingsConfigDict(hide_input_in_errors=True)

    http_host: str = Field("127.0.0.1", description="address the HTTP server listens on")
    http_port: int = Field(8000, description="port the HTTP server listens on")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="least level that is logged")
    instance: str = Field(default_factory=socket.gethostname, description="name of this instance, unique in its group")
    config_dir: Path = Field(Path("config"), description="folder with agencies.yaml, rules.yaml and the like")
    topic_prefix: str = Field("", description="put before every topic's name: several systems can share one broker")
    kafka: KafkaSettings = Field(default_factory=KafkaSettings)
    mongo: MongoSettings = Field(default_factory=MongoSettings)
    identity: IdentitySettings = Field(default_factory=IdentitySettings)

    def topic(self, name: str) -> str:
        """A topic's name on the broker."""
        return self.topic_prefix + name

    def describe(self) -> list[str]:
        """One line a setting, those of nested groups too: environment variable, default, meaning."""
        groups = [value for _, value in self if isinstance(value, BaseSettings)]
        return [line for model in (self, *groups) for line in _describe(model)]


def _describe(model: BaseSettings) -> list[str]:
    prefix = model.model_config.get("env_prefix", "")
    return [
        f"{(prefix + name).upper():28} {_default(field)}: {field.description}"
        for name, field in type(model).model_fields.items()
        if field.description
    ]


def _default(field: FieldInfo) -> str:
    if field.default_factory is not None:
        return "(this host)"
    return "(none)" if field.default is None else f"[{field.default}]"
