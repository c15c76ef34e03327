"""The API for programs: JSON under `/api/v1`, by the same words and in the same shapes as every other face.

`app.create_api` makes the application that the web face mounts. What it promises is in docs/api.md; the OpenAPI
document at `/api/v1/openapi.json` is made of the same definitions as the answers.
"""
