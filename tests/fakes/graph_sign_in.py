"""Microsoft's sign-in service: client secrets, device codes, refresh tokens that work once."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from .graph_base import GraphBase, answered
from .loopback import Answer, Request


class SignInApi(GraphBase):
    def _sign_in(self, request: Request) -> Answer:
        host, path = f"https://{request.host}", urlsplit(request.target).path
        tenant = path.split("/")[1]
        if path.endswith("/.well-known/openid-configuration"):
            points = {"token_endpoint": "token", "authorization_endpoint": "authorize"}
            found = {name: f"{host}/{tenant}/oauth2/v2.0/{end}" for name, end in points.items()}
            found["device_authorization_endpoint"] = f"{host}/{tenant}/oauth2/v2.0/devicecode"
            return answered({**found, "issuer": f"{host}/{tenant}/v2.0"})
        form = dict(parse_qsl(request.body.decode()))
        if path.endswith("/devicecode"):
            self.device_codes += 1
            return answered({"user_code": "ABCD-EFGH", "device_code": "device-1", "interval": 1, "expires_in": 900,
                            "verification_uri": "https://microsoft.com/devicelogin", "message": "type it"})  # fmt: skip
        if self.sign_in_error:
            return answered({"error": self.sign_in_error, "error_description": "no"}, 400)
        if form.get("grant_type") == "refresh_token":
            if form.get("refresh_token") != self.refresh:
                return answered({"error": "invalid_grant", "error_description": "used before"}, 400)
        elif form.get("grant_type") == "client_credentials":
            if form.get("client_secret") != "right" or not form.get("scope", "").endswith("/.default"):
                return answered({"error": "invalid_client", "error_description": "no"}, 401)
        elif not form.get("grant_type", "").endswith("device_code"):
            self.violations.append(f"sign-in by {form.get('grant_type')}")
        self.issued += 1
        token = f"token-{self.issued}"
        self.tokens.add(token)
        body: dict[str, Any] = {"token_type": "Bearer", "access_token": token, "expires_in": 3599}
        if form.get("grant_type") != "client_credentials":
            self.refresh = f"refresh-{self.issued}"
            claims = {"iss": f"{host}/{tenant}/v2.0", "sub": "s", "aud": form.get("client_id"), "exp": 4102444800,
                      "iat": 1, "oid": "o", "tid": tenant, "preferred_username": self.me}  # fmt: skip
            parts = [base64.urlsafe_b64encode(json.dumps(p).encode()).decode().rstrip("=") for p in ({}, claims)]
            info = base64.urlsafe_b64encode(json.dumps({"uid": "o", "utid": tenant}).encode()).decode().rstrip("=")
            body |= {"refresh_token": self.refresh, "id_token": f"{parts[0]}.{parts[1]}.x", "client_info": info,
                     "scope": form.get("scope", "")}  # fmt: skip
        return answered(body)
