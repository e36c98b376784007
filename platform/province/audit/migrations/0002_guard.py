"""The database refuses to change what the audit holds, and packs links itself."""

from django.db import migrations

_ONLY_ADDED = ("audit_auditentry", "audit_auditpack", "audit_auditday", "audit_auditseal")

# what the database answers to anyone who tries, in both languages of those who read its log
_REFUSE = """
CREATE FUNCTION public.refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '审计记录只增不改:不允许对 % 执行 %。(rows of the audit are only ever added)', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
"""
# a link goes where a pack says all that it says, and nowhere else. 32 and 16 bytes: a hash and a shortened mac
_KEEP_LINKS = """
CREATE FUNCTION public.refuse_loss_of_audit_links() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM gone) OR EXISTS (
        SELECT FROM gone LEFT JOIN LATERAL (
            SELECT pack.*, (gone.position - pack.position)::int AS place FROM public.audit_auditpack AS pack
            WHERE pack.chain_id = gone.chain_id AND pack.position <= gone.position ORDER BY pack.position DESC LIMIT 1
        ) AS pack ON true
        WHERE (pack.ids[place + 1], pack.times[place + 1]) IS DISTINCT FROM (gone.id, gone.created_at)
        OR substring(pack.hashes FROM place * 32 + 1 FOR 32) IS DISTINCT FROM gone.hash
        OR substring(pack.macs FROM place * 16 + 1 FOR 16) IS DISTINCT FROM gone.mac
    ) THEN
        RAISE EXCEPTION '审计记录只增不改:不允许对 % 执行 %。(a link goes when a pack says the same)',
            TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
"""
# Runs as the tables' owner, since nobody else deletes a link: who calls it can say no more than which links of a
# chain, all of them sealed, go together. False, and nothing done, where they are not all there, or are packed already.
# EXTERNAL: hashes cannot be pressed, and what is tried in vain takes time
_PACK = """
ALTER TABLE public.audit_auditpack ALTER ids SET STORAGE EXTERNAL, ALTER hashes SET STORAGE EXTERNAL,
    ALTER macs SET STORAGE EXTERNAL;
CREATE FUNCTION public.pack_audit_links(chain uuid, first_position bigint, last_position bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    links bigint := last_position - first_position + 1;
    found_links bigint;
BEGIN
    INSERT INTO public.audit_auditpack (id, created_at, chain_id, position, ids, times, hashes, macs)
    SELECT (array_agg(id ORDER BY id DESC))[1], (array_agg(created_at ORDER BY position DESC))[1], chain,
        first_position, array_agg(id ORDER BY position), array_agg(created_at ORDER BY position),
        string_agg(hash, '' ORDER BY position), string_agg(mac, '' ORDER BY position)
    FROM public.audit_auditlink
    WHERE chain_id = chain AND position BETWEEN first_position AND last_position AND last_position <= (
        SELECT position FROM public.audit_auditseal WHERE chain_id = chain ORDER BY number DESC LIMIT 1)
    HAVING count(*) = links AND every(octet_length(hash) = 32 AND octet_length(mac) = 16)
    ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    DELETE FROM public.audit_auditlink WHERE chain_id = chain AND position BETWEEN first_position AND last_position;
    GET DIAGNOSTICS found_links = ROW_COUNT;
    IF found_links <> links THEN
        RAISE EXCEPTION 'somebody else packs links of chain % at the same time', chain;
    END IF;
    RETURN true;
END $$;
REVOKE EXECUTE ON FUNCTION public.pack_audit_links FROM PUBLIC;
"""
# ALWAYS: session_replication_role turns ordinary triggers off
_GUARD = """
CREATE TRIGGER audit_is_only_added BEFORE {acts} ON public.{table}
FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_audit_change();
ALTER TABLE public.{table} ENABLE ALWAYS TRIGGER audit_is_only_added;
"""
_GUARD_LINKS = """
CREATE TRIGGER audit_link_is_packed AFTER DELETE ON public.audit_auditlink REFERENCING OLD TABLE AS gone
FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_loss_of_audit_links();
ALTER TABLE public.audit_auditlink ENABLE ALWAYS TRIGGER audit_link_is_packed;
"""


# ids come in the order of time: what is left free is for the few that come late
_FILL = "ALTER INDEX public.audit_auditentry_pkey SET (fillfactor = 97)"


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunSQL(
            _REFUSE
            + _KEEP_LINKS
            + _PACK
            + "".join(_GUARD.format(table=table, acts="UPDATE OR DELETE OR TRUNCATE") for table in _ONLY_ADDED)
            + _GUARD.format(table="audit_auditlink", acts="UPDATE OR TRUNCATE")
            + _GUARD_LINKS,
            "DROP FUNCTION IF EXISTS public.refuse_audit_change() CASCADE;"
            "DROP FUNCTION IF EXISTS public.refuse_loss_of_audit_links() CASCADE;"
            "DROP FUNCTION IF EXISTS public.pack_audit_links(uuid, bigint, bigint)",
        ),
        migrations.RunSQL(_FILL, "ALTER INDEX public.audit_auditentry_pkey RESET (fillfactor)"),
    ]
