"""Acts on schemas: create, upgrade, retire, restore, move; one act a file, each a Rollout of resumable steps."""
