"""Run by Alembic: migrates over the connection that `archive.database` hands it, inside its transaction."""

from alembic import context

from archive.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
context.run_migrations()
