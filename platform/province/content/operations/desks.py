from uuid import UUID

from django.db import connection, transaction

from province.content.models import Asset, Manuscript, Push

# a desk's prefix is a code without the zeros below city or county; a merged division that kept its hall keeps its desk
_MOVE = r"""
UPDATE {table} AS own SET desk_prefix = moved.new_prefix FROM (
    SELECT regexp_replace(line.old_code, '(0{{10}}|0{{8}}|0{{6}})$', '') AS old_prefix,
           regexp_replace(line.new_code, '(0{{10}}|0{{8}}|0{{6}})$', '') AS new_prefix
    FROM halls_code_moves AS line
    WHERE line.run = %(run)s AND line.old_code LIKE '%%000000' AND line.new_code LIKE '%%000000'
        AND (line.kind = 'recode' OR (line.kind = 'merge' AND NOT line.is_undone AND NOT EXISTS (
            SELECT FROM halls_directory AS hall WHERE hall.division_id = line.division_id)))) AS moved
WHERE own.desk_prefix = moved.old_prefix
"""


@transaction.atomic
def move_desks(*, run: UUID) -> int:
    """After a change of division codes: what a desk wrote, uploaded and pushed goes along with it; returns how many
    rows. One statement a table, so that codes may pass in a ring. Its files stay where they lie: rows know their keys.
    """
    moved = 0
    with connection.cursor() as cursor:
        for model in (Manuscript, Asset, Push):
            cursor.execute(_MOVE.format(table=model._meta.db_table), {"run": run})
            moved += cursor.rowcount
    return moved
