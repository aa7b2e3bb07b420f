"""Every measure a second time, in plain SQL over the records: nothing of `reports` is used here.

Each query gives one row for each counted thing: branch_id, day, counted, hit, amount, and one column for each cause.
"""

# The last record of a chain of merged ones, for every customer.
_PERSON = """
person AS (
    WITH RECURSIVE chain(id, last) AS (
        SELECT id, id FROM customers_customer WHERE merged_into_id IS NULL
        UNION ALL SELECT c.id, chain.last FROM customers_customer c JOIN chain ON c.merged_into_id = chain.id
    ) SELECT id, last FROM chain)
"""
_ZONE = "(SELECT time_zone FROM branches_branch z WHERE z.id = {0}.branch_id)"
_LENS = """
glass AS (
    SELECT s.order_id, p.design, p.material, p.supplier_id::text AS supplier
    FROM orders_lensspecification s JOIN catalogue_lensproduct p
      ON p.id = CASE WHEN s.right_id IS NULL THEN s.left_id ELSE s.right_id END),
writer AS (
    SELECT o.id AS order_id,
           CASE r.origin WHEN 'own_test' THEN COALESCE(r.signed_by_id::text, r.prescriber_name) ELSE r.prescriber_name END AS name
    FROM orders_order o JOIN prescriptions_prescription r ON r.id = o.prescription_id)
"""
_LENS_COLUMNS = """
    COALESCE(g.design, '') AS design, COALESCE(g.material, '') AS material, COALESCE(g.supplier, '') AS supplier,
    COALESCE(w.name, '') AS prescriber
"""
_STOOD = """
visited AS (
    SELECT m.job_id, m.to_stage,
           COALESCE((SELECT n.at FROM labjobs_jobmove n WHERE n.job_id = m.job_id AND n.id > m.id ORDER BY n.id LIMIT 1),
                    j.ready_at) - m.at AS stood
    FROM labjobs_jobmove m JOIN labjobs_job j ON j.id = m.job_id),
longest AS (
    SELECT DISTINCT ON (job_id) job_id, to_stage FROM (
        SELECT job_id, to_stage, sum(stood) AS whole FROM visited GROUP BY job_id, to_stage) t
    ORDER BY job_id, whole DESC NULLS LAST, to_stage)
"""
_PARCEL = """
parcel AS (
    SELECT order_id, max(id) AS id FROM shipping_shipment WHERE to_branch_id IS NULL AND state <> 'cancelled' GROUP BY order_id)
"""


def _date(moment: str, of: str) -> str:
    return f"({moment} AT TIME ZONE {_ZONE.format(of)})::date"


def _margin(kinds: str, columns: str, with_remakes: bool) -> str:
    remakes = f"""
        UNION ALL
        SELECT o.branch_id, {_date("j.released_at", "o")}, 0, -j.remake_cost, 0, o.id, '', 'remake'
        FROM labjobs_job j JOIN orders_order o ON o.id = j.order_id
        WHERE j.remake_of_id IS NOT NULL AND j.remake_cost > 0 AND j.payer = 'shop' AND j.state NOT IN ('cancelled')
          AND o.confirmed_at IS NOT NULL AND o.state NOT IN ('cancelled')
    """
    return f"""
        WITH part AS (
            SELECT q.order_id, sum(CASE WHEN l.kind IN ({kinds}) THEN l.net ELSE 0 END) / NULLIF(sum(l.net), 0) AS share,
                   CASE WHEN q.tax_included THEN 1 + q.tax_percent / 100 ELSE 1 END AS grossed
            FROM orders_quotation q JOIN orders_quotationline l ON l.quotation_id = q.id WHERE q.state = 'approved'
            GROUP BY q.id),
        moved AS (
            SELECT o.branch_id, {_date("o.confirmed_at", "o")} AS day, 1 AS counted,
                   round(l.net / part.grossed, 2) - l.unit_cost * l.quantity AS hit, round(l.net / part.grossed, 2) AS amount,
                   o.id AS order_id, l.discount_reason AS discount, 'sale' AS loss
            FROM orders_quotationline l JOIN orders_quotation q ON q.id = l.quotation_id
            JOIN orders_order o ON o.id = q.order_id JOIN part ON part.order_id = o.id
            WHERE q.state = 'approved' AND l.kind IN ({kinds}) AND o.confirmed_at IS NOT NULL AND o.state NOT IN ('cancelled')
            UNION ALL
            SELECT o.branch_id, {_date("e.at", "o")}, 0, round(e.amount * COALESCE(part.share, 0) / part.grossed, 2),
                   round(e.amount * COALESCE(part.share, 0) / part.grossed, 2), o.id, '', 'refund'
            FROM orders_ledgerentry e JOIN orders_order o ON o.id = e.order_id JOIN part ON part.order_id = o.id
            WHERE e.kind = 'adjustment' AND e.quotation_version IS NULL AND o.state NOT IN ('cancelled')
              AND NOT (e.amount > 0 AND e.amount IN (SELECT cost FROM labjobs_remake r WHERE r.order_id = o.id AND payer = 'customer'))
            {remakes if with_remakes else ""})
        SELECT m.branch_id, m.day, m.counted, m.hit, m.amount, m.discount, m.loss,
               COALESCE(o.seller_id::text, '') AS seller, {columns}
        FROM moved m JOIN orders_order o ON o.id = m.order_id
        LEFT JOIN orders_framechoice c ON c.order_id = o.id LEFT JOIN catalogue_frame f ON f.id = c.frame_id
        LEFT JOIN orders_lensspecification s ON s.order_id = o.id
        LEFT JOIN catalogue_lensproduct p ON p.id = CASE WHEN s.right_id IS NULL THEN s.left_id ELSE s.right_id END
    """


_MONTHS = """
month_end AS (
    SELECT i.id AS item_id, i.branch_id, i.frame_id, d::date AS day
    FROM inventory_stockitem i
    CROSS JOIN generate_series(date '2020-01-31', now()::date + 62, interval '1 day') d
    WHERE extract(day FROM d + interval '1 day') = 1
      AND d::date < (now() AT TIME ZONE (SELECT time_zone FROM branches_branch b WHERE b.id = i.branch_id))::date),
shelf AS (
    SELECT m.item_id, m.branch_id, m.frame_id, m.day, sum(e.quantity) AS held,
           sum(CASE WHEN e.quantity > 0 AND e.day > m.day - 180 THEN e.quantity ELSE 0 END) AS young
    FROM month_end m JOIN (
        SELECT x.item_id, x.quantity, (x.at AT TIME ZONE b.time_zone)::date AS day FROM inventory_stockentry x
        JOIN inventory_stockitem i ON i.id = x.item_id JOIN branches_branch b ON b.id = i.branch_id) e
      ON e.item_id = m.item_id AND e.day <= m.day
    GROUP BY 1, 2, 3, 4 HAVING sum(e.quantity) > 0)
"""
_GOODS = "f.brand, COALESCE(f.supplier_id::text, '') AS supplier, f.material AS frame_material"
_AGE = (
    "CASE WHEN c.birth_date IS NULL THEN '' ELSE (10 * (date_part('year', age({0}, c.birth_date))::int / 10))::text END"
)

PLAIN: dict[str, str] = {
    "lab_turnaround": f"""
        WITH {_LENS}, {_STOOD}
        SELECT o.branch_id, {_date("j.ready_at", "o")} AS day, 1 AS counted, 0 AS hit,
               trunc(extract(epoch FROM j.ready_at - j.released_at) / 3600) AS amount,
               COALESCE(t.to_stage, '') AS stage, j.lab_id::text AS lab,
               CASE WHEN j.id IN (SELECT subject_id FROM records_event WHERE kind = 'labjob.held' AND subject_type = 'labjobs.job')
                    THEN 'yes' ELSE 'no' END AS held, {_LENS_COLUMNS}
        FROM labjobs_job j JOIN orders_order o ON o.id = j.order_id LEFT JOIN longest t ON t.job_id = j.id
        LEFT JOIN glass g ON g.order_id = o.id LEFT JOIN writer w ON w.order_id = o.id
        WHERE j.ready_at IS NOT NULL AND j.state NOT IN ('cancelled')
    """,
    "order_turnaround": f"""
        WITH {_LENS}, {_PARCEL}
        SELECT o.branch_id, {_date("o.collected_at", "o")} AS day, 1 AS counted, 0 AS hit,
               trunc(extract(epoch FROM o.collected_at - o.confirmed_at) / 3600) AS amount, o.delivery,
               COALESCE((SELECT carrier_id::text FROM shipping_shipment x WHERE x.id = parcel.id), '') AS carrier,
               COALESCE((SELECT lab_id::text FROM labjobs_job j WHERE j.id = (
                   SELECT max(id) FROM labjobs_job WHERE order_id = o.id)), '') AS lab, {_LENS_COLUMNS}
        FROM orders_order o LEFT JOIN parcel ON parcel.order_id = o.id
        LEFT JOIN glass g ON g.order_id = o.id LEFT JOIN writer w ON w.order_id = o.id
        WHERE o.collected_at IS NOT NULL AND o.confirmed_at IS NOT NULL AND o.state NOT IN ('cancelled')
    """,
    "rework": f"""
        WITH {_LENS},
        made AS (SELECT order_id, min(id) AS first FROM labjobs_job WHERE state NOT IN ('cancelled') GROUP BY order_id),
        again AS (SELECT order_id, min(id) AS id FROM labjobs_job
                  WHERE remake_of_id IS NOT NULL AND state NOT IN ('cancelled') GROUP BY order_id),
        failed AS (SELECT DISTINCT j.order_id FROM labjobs_qualitycheck q JOIN labjobs_job j ON j.id = q.job_id WHERE q.passed = false),
        coded AS (SELECT order_id, min(id) AS id FROM cases_case WHERE cause_code <> '' GROUP BY order_id)
        SELECT o.branch_id, {_date("j.released_at", "o")} AS day, 1 AS counted,
               CASE WHEN again.id IS NULL AND failed.order_id IS NULL THEN 0 ELSE 1 END AS hit, 0 AS amount,
               CASE WHEN r.remake_reason <> '' THEN r.remake_reason ELSE COALESCE(k.cause_code, '') END AS cause,
               CASE WHEN r.party_at_fault <> '' THEN r.party_at_fault ELSE COALESCE(k.party_at_fault, '') END AS party,
               j.lab_id::text AS lab,
               CASE WHEN again.id IS NOT NULL THEN 'remake' WHEN failed.order_id IS NOT NULL THEN 'failed check'
                    ELSE 'right first time' END AS kind,
               CASE WHEN failed.order_id IS NOT NULL THEN 'quality'
                    ELSE COALESCE((SELECT v.to_stage FROM labjobs_jobmove v WHERE v.id = (
                        SELECT max(w.id) FROM labjobs_jobmove w WHERE w.job_id = r.remake_of_id AND w.at < r.recorded_at)), '')
                    END AS stage, {_LENS_COLUMNS}
        FROM made JOIN labjobs_job j ON j.id = made.first JOIN orders_order o ON o.id = made.order_id
        LEFT JOIN again ON again.order_id = o.id LEFT JOIN labjobs_job r ON r.id = again.id
        LEFT JOIN failed ON failed.order_id = o.id
        LEFT JOIN coded ON coded.order_id = o.id LEFT JOIN cases_case k ON k.id = coded.id
        LEFT JOIN glass g ON g.order_id = o.id LEFT JOIN writer w ON w.order_id = o.id
    """,
    "on_time": f"""
        WITH {_LENS}, {_STOOD}, {_PARCEL},
        told AS (SELECT order_id, min(at) AS at FROM records_event WHERE kind = 'order.ready' GROUP BY order_id),
        begun AS (SELECT order_id, min(id) AS id FROM labjobs_job GROUP BY order_id),
        moved AS (SELECT DISTINCT ON (order_id) order_id, reason_code FROM records_event
                  WHERE kind = 'order.repromised' ORDER BY order_id, id)
        SELECT o.branch_id, o.first_promised_on AS day, 1 AS counted,
               CASE WHEN {_date("COALESCE(told.at, o.ready_at)", "o")} <= o.first_promised_on THEN 1 ELSE 0 END AS hit, 0 AS amount,
               COALESCE(moved.reason_code, '') AS cause, COALESCE(t.to_stage, '') AS stage, COALESCE(j.lab_id::text, '') AS lab,
               o.delivery, COALESCE((SELECT carrier_id::text FROM shipping_shipment x WHERE x.id = parcel.id), '') AS carrier,
               {_LENS_COLUMNS}
        FROM orders_order o LEFT JOIN told ON told.order_id = o.id LEFT JOIN begun ON begun.order_id = o.id
        LEFT JOIN labjobs_job j ON j.id = begun.id LEFT JOIN longest t ON t.job_id = j.id
        LEFT JOIN moved ON moved.order_id = o.id LEFT JOIN parcel ON parcel.order_id = o.id
        LEFT JOIN glass g ON g.order_id = o.id LEFT JOIN writer w ON w.order_id = o.id
        WHERE o.confirmed_at IS NOT NULL AND o.first_promised_on IS NOT NULL AND o.state NOT IN ('cancelled')
          AND (told.at IS NOT NULL OR o.ready_at IS NOT NULL OR o.first_promised_on < {_date("now()", "o")})
    """,
    "frame_margin": _margin(
        "'frame'", "COALESCE(f.brand, '') AS brand, COALESCE(f.supplier_id::text, '') AS supplier", False
    ),
    "lens_margin": _margin(
        "'lens', 'add_on', 'surcharge'",
        "COALESCE(p.design, '') AS design, COALESCE(p.material, '') AS material, COALESCE(p.supplier_id::text, '') AS supplier",
        True,
    ),
    "repeat": f"""
        WITH {_PERSON},
        sold AS (SELECT o.*, person.last AS who, {_date("o.confirmed_at", "o")} AS day FROM orders_order o
                 JOIN person ON person.id = o.customer_id WHERE o.confirmed_at IS NOT NULL AND o.state NOT IN ('cancelled')),
        before AS (
            SELECT DISTINCT ON (a.id) a.id, b.id AS earlier FROM sold a JOIN sold b ON b.who = a.who
             AND b.confirmed_at < a.confirmed_at AND b.confirmed_at >= a.confirmed_at - interval '36 months'
             AND {_date("b.confirmed_at", "a")} < a.day
            ORDER BY a.id, b.confirmed_at DESC)
        SELECT a.branch_id, a.day, 1 AS counted, CASE WHEN b.id IS NULL THEN 0 ELSE 1 END AS hit, 0 AS amount,
               COALESCE(a.seller_id::text, '') AS seller, c.home_branch_id::text AS home,
               CASE WHEN b.id IS NULL THEN 'first order'
                    WHEN b.id IN (SELECT order_id FROM labjobs_job WHERE remake_of_id IS NOT NULL) THEN 'remade'
                    WHEN {_date("b.ready_at", "a")} > b.first_promised_on THEN 'late' ELSE 'as promised' END AS last_outcome,
               {_AGE.format("a.day")} AS age
        FROM sold a JOIN customers_customer c ON c.id = a.customer_id
        LEFT JOIN before ON before.id = a.id LEFT JOIN orders_order b ON b.id = before.earlier
    """,
    "conversion": f"""
        WITH ends AS (SELECT order_id, min(version) AS first, max(version) AS last FROM orders_quotation GROUP BY order_id)
        SELECT o.branch_id, {_date("a.recorded_at", "o")} AS day, 1 AS counted,
               CASE WHEN o.confirmed_at IS NULL THEN 0 ELSE 1 END AS hit, 0 AS amount,
               COALESCE(o.seller_id::text, '') AS seller, z.declined_reason AS declined, z.state AS by
        FROM ends JOIN orders_order o ON o.id = ends.order_id
        JOIN orders_quotation a ON a.order_id = o.id AND a.version = ends.first
        JOIN orders_quotation z ON z.order_id = o.id AND z.version = ends.last
    """,
    "capture": f"""
        WITH {_PERSON},
        bought AS (SELECT person.last AS who, o.confirmed_at FROM orders_order o JOIN person ON person.id = o.customer_id
                   WHERE o.confirmed_at IS NOT NULL AND o.state NOT IN ('cancelled'))
        SELECT r.branch_id, {_date("(r.signed_at + interval '720 hours')", "r")} AS day, 1 AS counted,
               CASE WHEN EXISTS (SELECT 1 FROM bought WHERE bought.who = person.last AND bought.confirmed_at >= r.signed_at
                                 AND bought.confirmed_at < r.signed_at + interval '30 days') THEN 1 ELSE 0 END AS hit, 0 AS amount,
               COALESCE(r.signed_by_id::text, r.prescriber_name) AS prescriber, r.kind AS rx_kind
        FROM prescriptions_prescription r JOIN person ON person.id = r.customer_id
        WHERE r.origin = 'own_test' AND r.version = 1 AND r.signed_at IS NOT NULL AND r.kind <> 'contact_lens'
          AND r.state NOT IN ('entered_in_error') AND now() - r.signed_at >= interval '720 hours'
    """,
    "satisfaction": f"""
        WITH {_PARCEL}, answer AS (SELECT DISTINCT ON (order_id) * FROM records_event WHERE kind = 'feedback.given' ORDER BY order_id, id),
        rating AS (
            SELECT order_id, at, 'tracking' AS question, (data->>'tracking')::int AS score FROM answer
            UNION ALL SELECT order_id, at, 'time', (data->>'time')::int FROM answer
            UNION ALL SELECT order_id, at, 'product', (data->>'product')::int FROM answer)
        SELECT o.branch_id, (r.at AT TIME ZONE b.time_zone)::date AS day, 1 AS counted, r.score AS hit, 5 - r.score AS amount,
               r.question, o.delivery,
               COALESCE((SELECT carrier_id::text FROM shipping_shipment x WHERE x.id = parcel.id), '') AS carrier,
               COALESCE((SELECT lab_id::text FROM labjobs_job j WHERE j.id = (
                   SELECT max(id) FROM labjobs_job WHERE order_id = o.id)), '') AS lab, COALESCE(o.seller_id::text, '') AS seller,
               COALESCE(f.brand, '') AS brand, COALESCE(p.design, '') AS design
        FROM rating r JOIN orders_order o ON o.id = r.order_id JOIN branches_branch b ON b.id = o.branch_id
        LEFT JOIN parcel ON parcel.order_id = o.id
        LEFT JOIN orders_framechoice c ON c.order_id = o.id LEFT JOIN catalogue_frame f ON f.id = c.frame_id
        LEFT JOIN orders_lensspecification s ON s.order_id = o.id
        LEFT JOIN catalogue_lensproduct p ON p.id = CASE WHEN s.right_id IS NULL THEN s.left_id ELSE s.right_id END
        WHERE r.score BETWEEN 1 AND 5
    """,
    "recall": f"""
        WITH {_PERSON},
        due AS (SELECT e.*, c.home_branch_id, c.birth_date, person.last AS who, COALESCE(e.branch_id, c.home_branch_id) AS place
                FROM records_event e JOIN customers_customer c ON c.id = e.customer_id JOIN person ON person.id = c.id
                WHERE e.kind = 'customer.recall_due'),
        came AS (SELECT person.last AS who, a.recorded_at AS at FROM visits_appointment a JOIN person ON person.id = a.customer_id
                 WHERE a.state <> 'cancelled'
                 UNION ALL SELECT person.last, v.arrived_at FROM visits_visit v JOIN person ON person.id = v.customer_id)
        SELECT due.place AS branch_id, ((due.at + interval '1440 hours') AT TIME ZONE b.time_zone)::date AS day, 1 AS counted,
               CASE WHEN EXISTS (SELECT 1 FROM came WHERE came.who = due.who AND came.at >= due.at
                                 AND came.at < due.at + interval '60 days') THEN 1 ELSE 0 END AS hit, 0 AS amount,
               COALESCE((SELECT min(channel) FROM notifications_message m WHERE m.event_id = due.id
                         AND m.state IN ('sent', 'delivered')), 'nobody') AS reached,
               CASE WHEN due.customer_id IN (SELECT x.customer_id FROM records_event x WHERE x.kind = 'customer.called'
                         AND x.at BETWEEN due.at AND due.at + interval '60 days') THEN 'yes' ELSE 'no' END AS called,
               {_AGE.replace("c.birth", "due.birth").format("(due.at AT TIME ZONE b.time_zone)::date")} AS age
        FROM due JOIN branches_branch b ON b.id = due.place WHERE now() - due.at >= interval '1440 hours'
    """,
    "uncollected": f"""
        SELECT o.branch_id, {_date("(o.ready_at + interval '336 hours')", "o")} AS day, 1 AS counted,
               CASE WHEN o.collected_at IS NULL OR o.collected_at - o.ready_at >= interval '14 days' THEN 1 ELSE 0 END AS hit,
               0 AS amount,
               CASE WHEN o.id IN (SELECT order_id FROM notifications_message WHERE template_key = 'order_ready'
                                  AND state IN ('sent', 'delivered')) THEN 'yes' ELSE 'no' END AS told,
               CASE WHEN (SELECT sum(amount) FROM orders_ledgerentry e WHERE e.order_id = o.id) > 0 THEN 'yes' ELSE 'no' END AS owing,
               o.delivery, COALESCE(o.seller_id::text, '') AS seller,
               CASE WHEN {_date("o.ready_at", "o")} <= o.first_promised_on THEN 'yes' ELSE 'no' END AS kept
        FROM orders_order o WHERE o.ready_at IS NOT NULL AND o.state NOT IN ('cancelled')
          AND now() - o.ready_at >= interval '336 hours'
    """,
    "no_show": f"""
        SELECT a.branch_id, {_date("lower(a.period)", "a")} AS day, 1 AS counted,
               CASE a.state WHEN 'no_show' THEN 1 ELSE 0 END AS hit, 0 AS amount, a.kind AS visit_kind,
               a.clinician_id::text AS clinician,
               extract(isodow FROM lower(a.period) AT TIME ZONE {_ZONE.format("a")})::text AS weekday,
               lpad(extract(hour FROM lower(a.period) AT TIME ZONE {_ZONE.format("a")})::text, 2, '0') AS hour
        FROM visits_appointment a WHERE a.state NOT IN ('booked', 'cancelled')
    """,
    "stock_turn": f"""
        WITH {_MONTHS}
        SELECT i.branch_id, (e.at AT TIME ZONE b.time_zone)::date AS day, -e.quantity AS counted,
               -e.quantity * CASE WHEN e.unit_cost IS NULL THEN f.cost ELSE e.unit_cost END AS hit, 0 AS amount, {_GOODS}
        FROM inventory_stockentry e JOIN inventory_stockitem i ON i.id = e.item_id
        JOIN branches_branch b ON b.id = i.branch_id JOIN catalogue_frame f ON f.id = i.frame_id
        WHERE e.movement = 'sold' OR e.movement = 'returned'
        UNION ALL
        SELECT s.branch_id, s.day, 0, 0, s.held * f.cost * extract(day FROM s.day), {_GOODS}
        FROM shelf s JOIN catalogue_frame f ON f.id = s.frame_id
    """,
    "old_stock": f"""
        WITH {_MONTHS}
        SELECT s.branch_id, s.day, s.held * f.cost AS counted,
               CASE WHEN s.held > s.young THEN s.held - s.young ELSE 0 END * f.cost AS hit, 0 AS amount, {_GOODS}
        FROM shelf s JOIN catalogue_frame f ON f.id = s.frame_id
    """,
    "cases_opened": f"""
        SELECT c.branch_id, {_date("c.recorded_at", "c")} AS day, 1 AS counted, 1 AS hit, 0 AS amount, c.kind AS case_kind,
               c.cause_code AS cause, c.party_at_fault AS party, COALESCE(c.owner_id::text, '') AS owner FROM cases_case c
    """,
    "cases": f"""
        SELECT c.branch_id, {_date("c.closed_at", "c")} AS day, 1 AS counted, 0 AS hit,
               trunc(extract(epoch FROM c.closed_at - c.recorded_at) / 3600) AS amount, c.kind AS case_kind,
               c.cause_code AS cause, c.party_at_fault AS party, COALESCE(c.owner_id::text, '') AS owner
        FROM cases_case c WHERE c.closed_at IS NOT NULL
    """,
    "messages": f"""
        SELECT m.branch_id, {_date("m.created_at", "m")} AS day, 1 AS counted,
               CASE WHEN m.state = 'sent' OR m.state = 'delivered' THEN 1 ELSE 0 END AS hit, 0 AS amount, m.channel,
               m.template_key AS template, m.why FROM notifications_message m
        WHERE m.branch_id IS NOT NULL AND m.state IN ('dead', 'delivered', 'failed', 'sent')
    """,
    "link_use": f"""
        WITH used AS (SELECT order_id, sum(use_count) AS looks FROM orders_orderlink GROUP BY order_id),
        most AS (SELECT DISTINCT ON (order_id) order_id, channel FROM orders_orderlink ORDER BY order_id, use_count DESC, id)
        SELECT o.branch_id, {_date("o.confirmed_at", "o")} AS day, 1 AS counted, COALESCE(used.looks, 0) AS hit, 0 AS amount,
               COALESCE(most.channel, '') AS channel, COALESCE(o.seller_id::text, '') AS seller, o.delivery
        FROM orders_order o LEFT JOIN used ON used.order_id = o.id LEFT JOIN most ON most.order_id = o.id
        WHERE o.confirmed_at IS NOT NULL AND o.state NOT IN ('cancelled')
    """,
}
