"""The database keeps its own copy of the rule: what was signed is never changed, whoever holds the connection.

After signing only the life of the document moves (superseded, withdrawn, entered in error, with who, when and why), and the
customer only to the one into whom the first was merged. Rows of the eyes neither change nor come nor go.
"""

from django.db import migrations

SQL = """
CREATE FUNCTION prescriptions_keep_signed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    life text[] := ARRAY['state', 'ended_at', 'ended_by_id', 'ended_reason_code', 'ended_reason', 'customer_id'];
BEGIN
    IF OLD.state = 'draft' THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a signed prescription is never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF to_jsonb(OLD) - life IS DISTINCT FROM to_jsonb(NEW) - life THEN
        RAISE EXCEPTION 'a signed prescription is never changed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state <> OLD.state AND NOT (
        (OLD.state = 'current' AND NEW.state IN ('superseded', 'withdrawn', 'entered_in_error'))
        OR (OLD.state = 'superseded' AND NEW.state = 'entered_in_error')
    ) THEN
        RAISE EXCEPTION 'a prescription does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.customer_id <> OLD.customer_id AND NOT EXISTS (
        SELECT 1 FROM customers_customer WHERE id = OLD.customer_id AND merged_into_id = NEW.customer_id
    ) THEN
        RAISE EXCEPTION 'a signed prescription stays with its customer' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION prescriptions_keep_signed_eye() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    parents bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN parents := ARRAY[NEW.prescription_id];
    ELSIF TG_OP = 'DELETE' THEN parents := ARRAY[OLD.prescription_id];
    ELSE parents := ARRAY[OLD.prescription_id, NEW.prescription_id];
    END IF;
    IF EXISTS (SELECT 1 FROM prescriptions_prescription WHERE id = ANY(parents) AND state <> 'draft') THEN
        RAISE EXCEPTION 'the eyes of a signed prescription are never changed'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_signed BEFORE UPDATE OR DELETE ON prescriptions_prescription
    FOR EACH ROW EXECUTE FUNCTION prescriptions_keep_signed();
CREATE TRIGGER keep_signed BEFORE INSERT OR UPDATE OR DELETE ON prescriptions_prescribedeye
    FOR EACH ROW EXECUTE FUNCTION prescriptions_keep_signed_eye();
CREATE TRIGGER keep_signed BEFORE INSERT OR UPDATE OR DELETE ON prescriptions_contactlenseye
    FOR EACH ROW EXECUTE FUNCTION prescriptions_keep_signed_eye();
"""

UNDO = """
DROP TRIGGER keep_signed ON prescriptions_contactlenseye;
DROP TRIGGER keep_signed ON prescriptions_prescribedeye;
DROP TRIGGER keep_signed ON prescriptions_prescription;
DROP FUNCTION prescriptions_keep_signed_eye();
DROP FUNCTION prescriptions_keep_signed();
"""


class Migration(migrations.Migration):
    dependencies = [("prescriptions", "0001_initial")]
    operations = [migrations.RunSQL(SQL, UNDO)]
