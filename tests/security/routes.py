"""One line for every address: its name, the right it needs, what it points at, how it is called, which door it has.

Doors: `staff` (signed in, with the right), `open` (signed in or not), `public` (no account), `api` (signed in; its rights
are tested by the services it calls). `-` is nothing. An object with `?` has no example in the sample practice: only the
door and the right are tried on it. Objects of a branch are named in BRANCH_OWNED: for a stranger they do not exist.
"""

from dataclasses import dataclass

from branches.roles import MATRIX, Can

# Addresses of packages, with tests of their own.
IGNORED = ("account_", "mfa_", "usersessions_", "socialaccount_")
# What holds for the whole practice is changed by those whose role holds in every branch.
ORGANISATION_ONLY = {"labjobs:edition_choose"}
BRANCH_OWNED = {
    "order",
    "return",
    "job",
    "case",
    "visit",
    "appointment",
    "message",
    "stock",
    "entry",
    "review",
    "handover",
    "evidence",
    "record",
    "shipment",
    "customer-import",
    "opening",
    "statement",
    "bank-line",
}

TABLE = """
api_schema                        -                    -                   get   open
awake_ping                        -                    -                   get   public
components                        -                    -                   get   staff
find                              -                    -                   get   staff
health                            -                    -                   get   public
help                              -                    -                   get   public
home                              -                    -                   get   staff
hook_pay                          -                    ?adapter            post  open
hook_carrier                      -                    ?door               post  open
hook_sms                          -                    -                   post  open
keys                              -                    -                   get   staff
notices                           -                    -                   get   staff
scan                              -                    -                   get   staff
stand_in_page                     -                    ?value              get   public
takings                           RECONCILE_PAYMENTS   -                   get   staff
theme                             -                    -                   post  open
aftersales:approve                APPROVE_RETURNS      return              get   staff
aftersales:ask                    MANAGE_RETURNS       order               get   staff
aftersales:close                  MANAGE_RETURNS       return              post  staff
aftersales:decline                APPROVE_RETURNS      return              get   staff
aftersales:feedback               VIEW_ORDERS          -                   get   staff
aftersales:feedback_plan          MANAGE_SETTINGS      -                   get   staff
aftersales:inspect                MANAGE_RETURNS       return              get   staff
aftersales:list                   VIEW_ORDERS          -                   get   staff
aftersales:page                   VIEW_ORDERS          return              get   staff
aftersales:policies               MANAGE_SETTINGS      -                   get   staff
aftersales:policy                 MANAGE_SETTINGS      policy              get   staff
aftersales:policy_new             MANAGE_SETTINGS      -                   get   staff
aftersales:receive                MANAGE_RETURNS       return              post  staff
aftersales:refund                 REFUND_PAYMENTS      return              get   staff
aftersales:replace                EDIT_ORDERS          return              post  staff
aftersales:scan                   MANAGE_RETURNS       -                   get   staff
aftersales:slip_pdf               VIEW_ORDERS          return              get   staff
aftersales:withdraw               MANAGE_RETURNS       return              post  staff
branches:add_branch               MANAGE_SETTINGS      -                   get   staff
branches:add_staff                MANAGE_STAFF         -                   get   staff
branches:awake                    -                    -                   post  open
branches:branch                   MANAGE_SETTINGS      branch              get   staff
branches:branches                 MANAGE_SETTINGS      -                   get   staff
branches:choose                   -                    -                   get   staff
branches:close_branch             MANAGE_SETTINGS      branch              get   staff
branches:computers                MANAGE_STAFF         -                   get   staff
branches:end_session              -                    ?session            post  staff
branches:first_steps              MANAGE_SETTINGS      -                   get   staff
branches:lock                     -                    -                   post  open
branches:locked                   -                    -                   get   public
branches:none                     -                    -                   get   staff
branches:open_branch              MANAGE_SETTINGS      branch              get   staff
branches:person                   MANAGE_STAFF         person              get   staff
branches:pin                      -                    -                   get   staff
branches:practice                 MANAGE_SETTINGS      -                   get   staff
branches:profile                  -                    -                   get   staff
branches:retire_computer          MANAGE_STAFF         ?computer           post  staff
branches:roles                    MANAGE_STAFF         -                   get   staff
branches:room                     MANAGE_SETTINGS      room                get   staff
branches:rooms                    MANAGE_SETTINGS      -                   get   staff
branches:send_link                MANAGE_STAFF         person              post  staff
branches:sessions                 -                    -                   get   staff
branches:settings                 -                    -                   get   staff
branches:setup                    -                    -                   get   public
branches:staff                    MANAGE_STAFF         -                   get   staff
branches:switch                   -                    ?body               post  staff
branches:switch_person            MANAGE_STAFF         person              get   staff
branches:take_role                MANAGE_STAFF         ?person-membership  get   staff
branches:unlock                   -                    -                   post  open
cases:ask                         VIEW_CASES           case                post  staff
cases:assign                      VIEW_CASES           case                post  staff
cases:close                       VIEW_CASES           case                post  staff
cases:code                        VIEW_CASES           case                post  staff
cases:decide                      VIEW_CASES           case                post  staff
cases:inbox                       VIEW_CASES           -                   get   staff
cases:note                        VIEW_CASES           case                post  staff
cases:open                        MANAGE_CASES         case+record         get   staff
cases:page                        VIEW_CASES           case                get   staff
cases:take                        MANAGE_CASES         case                post  staff
cases:tick                        MANAGE_CASES         case+tick           get   staff
catalogue:add_on                  MANAGE_CATALOGUE     add_on              get   staff
catalogue:change_frame            MANAGE_CATALOGUE     frame               get   staff
catalogue:change_lens             MANAGE_CATALOGUE     lens                get   staff
catalogue:discontinue_frame       MANAGE_CATALOGUE     frame               post  staff
catalogue:discontinue_lens        MANAGE_CATALOGUE     lens                post  staff
catalogue:extras                  VIEW_CATALOGUE       -                   get   staff
catalogue:frame                   VIEW_CATALOGUE       frame               get   staff
catalogue:frames                  VIEW_CATALOGUE       -                   get   staff
catalogue:import                  MANAGE_CATALOGUE     ?import             get   staff
catalogue:import_apply            MANAGE_CATALOGUE     ?import             post  staff
catalogue:import_discard          MANAGE_CATALOGUE     ?import             post  staff
catalogue:import_problems         MANAGE_CATALOGUE     ?import             get   staff
catalogue:import_sample           MANAGE_CATALOGUE     -                   get   staff
catalogue:import_take_back        MANAGE_CATALOGUE     ?import             post  staff
catalogue:imports                 MANAGE_CATALOGUE     -                   get   staff
catalogue:lens                    VIEW_CATALOGUE       lens                get   staff
catalogue:lenses                  VIEW_CATALOGUE       -                   get   staff
catalogue:new_add_on              MANAGE_CATALOGUE     -                   get   staff
catalogue:new_frame               MANAGE_CATALOGUE     -                   get   staff
catalogue:new_lens                MANAGE_CATALOGUE     -                   get   staff
catalogue:new_service             MANAGE_CATALOGUE     -                   get   staff
catalogue:price_lists             VIEW_CATALOGUE       -                   get   staff
catalogue:price_list              VIEW_CATALOGUE       ?pk                 get   staff
catalogue:new_price_list          MANAGE_CATALOGUE     -                   get   staff
catalogue:change_price_list       MANAGE_CATALOGUE     ?pk                 get   staff
catalogue:publish_price_list      MANAGE_CATALOGUE     ?pk                 post  staff
catalogue:withdraw_price_list     MANAGE_CATALOGUE     ?pk                 post  staff
catalogue:reinstate_frame         MANAGE_CATALOGUE     frame               post  staff
catalogue:reinstate_lens          MANAGE_CATALOGUE     lens                post  staff
catalogue:service                 MANAGE_CATALOGUE     ?service            get   staff
catalogue:new_supplier            MANAGE_CATALOGUE     -                   get   staff
catalogue:supplier                MANAGE_CATALOGUE     supplier            get   staff
catalogue:suppliers               VIEW_CATALOGUE       -                   get   staff
catalogue:trace_frame             MANAGE_CATALOGUE     frame               post  staff
catalogue_api:find_lenses         -                    -                   get   api
catalogue_api:frame               -                    ?frame              get   api
catalogue_api:frames              -                    -                   get   api
customers:change                  EDIT_CUSTOMERS       customer            get   staff
customers:consent                 EDIT_CUSTOMERS       customer            post  staff
customers:household               EDIT_CUSTOMERS       customer            get   staff
customers:identity                EDIT_CUSTOMERS       customer            get   staff
customers:import                  IMPORT_CUSTOMERS     customer-import     get   staff
customers:import_apply            IMPORT_CUSTOMERS     customer-import     post  staff
customers:import_decide           IMPORT_CUSTOMERS     customer-import     post  staff
customers:import_discard          IMPORT_CUSTOMERS     customer-import     post  staff
customers:import_fields           IMPORT_CUSTOMERS     customer-import     post  staff
customers:import_refused          IMPORT_CUSTOMERS     customer-import     get   staff
customers:import_sample           IMPORT_CUSTOMERS     -                   get   staff
customers:import_stop             IMPORT_CUSTOMERS     customer-import     post  staff
customers:import_take_back        IMPORT_CUSTOMERS     customer-import     get   staff
customers:imports                 IMPORT_CUSTOMERS     -                   get   staff
customers:leave_household         EDIT_CUSTOMERS       customer            post  staff
customers:list                    VIEW_CUSTOMERS       -                   get   staff
customers:merge                   MERGE_CUSTOMERS      customer            get   staff
customers:new                     EDIT_CUSTOMERS       -                   get   staff
customers:page                    VIEW_CUSTOMERS       customer            get   staff
customers:recall                  MANAGE_VISITS        customer            get   staff
customers:recalls                 MANAGE_VISITS        -                   get   staff
customers_api:detail              -                    customer            get   api
customers_api:list                -                    -                   get   api
inventory:correct                 VIEW_STOCK           stock               post  staff
inventory:count                   VIEW_STOCK           ?count              get   staff
inventory:count_cancel            VIEW_STOCK           ?count              post  staff
inventory:count_post              VIEW_STOCK           ?count              post  staff
inventory:counts                  VIEW_STOCK           -                   get   staff
inventory:item                    VIEW_STOCK           stock               get   staff
inventory:list                    VIEW_STOCK           -                   get   staff
inventory:minimum                 VIEW_STOCK           stock               post  staff
inventory:opening                 MANAGE_STOCK         opening             get   staff
inventory:opening_apply           MANAGE_STOCK         opening             post  staff
inventory:opening_decide          MANAGE_STOCK         opening             post  staff
inventory:opening_discard         MANAGE_STOCK         opening             post  staff
inventory:opening_refused         MANAGE_STOCK         opening             get   staff
inventory:opening_sample          MANAGE_STOCK         -                   get   staff
inventory:opening_take_back       MANAGE_STOCK         opening             get   staff
inventory:openings                MANAGE_STOCK         -                   get   staff
inventory:receive                 MANAGE_STOCK         -                   get   staff
inventory:transfer                VIEW_STOCK           ?transfer           get   staff
inventory:transfer_cancel         VIEW_STOCK           ?transfer           post  staff
inventory:transfer_line           VIEW_STOCK           ?transfer-line      post  staff
inventory:transfer_receive        VIEW_STOCK           ?transfer           post  staff
inventory:transfer_send           VIEW_STOCK           ?transfer           post  staff
inventory:transfers               VIEW_STOCK           -                   get   staff
inventory:write_off               MANAGE_STOCK         ?reservation        get   staff
inventory_api:list                -                    -                   get   api
labjobs:acknowledged  VIEW_JOBS  job  get   staff
labjobs:advance                   ADVANCE_JOBS         job                 post  staff
labjobs:board                     VIEW_JOBS            -                   get   staff
labjobs:cancel                    RELEASE_JOBS         job                 get   staff
labjobs:collect                   COLLECT_ORDERS       order               get   staff
labjobs:edition                   MANAGE_LABS          edition             get   staff
labjobs:edition_choose            MANAGE_LABS          edition             post  staff
labjobs:edition_new               MANAGE_LABS          -                   get   staff
labjobs:editions                  MANAGE_LABS          -                   get   staff
labjobs:find                      COLLECT_ORDERS       -                   get   staff
labjobs:fitting                   RECORD_FITTINGS      job                 get   staff
labjobs:hold                      ADVANCE_JOBS         job                 get   staff
labjobs:job                       VIEW_JOBS            job                 get   staff
labjobs:lab                       MANAGE_LABS          lab                 get   staff
labjobs:lab_new                   MANAGE_LABS          -                   get   staff
labjobs:labs                      MANAGE_LABS          -                   get   staff
labjobs:move                      ADVANCE_JOBS         job                 get   staff
labjobs:move_by_key  VIEW_JOBS  ?body  post  staff
labjobs:new_date                  REPROMISE_JOBS       -                   post  staff
labjobs:order_file                VIEW_PRESCRIPTIONS   job                 get   staff
labjobs:override                  OVERRIDE_QUALITY     job                 get   staff
labjobs:credit                    MANAGE_LABS          lab                 get   staff
labjobs:profile                   MANAGE_LABS          lab                 get   staff
labjobs:quality                   VIEW_JOBS            job                 get   staff
labjobs:release                   RELEASE_JOBS         order               get   staff
labjobs:remake                    VIEW_JOBS            job                 get   staff
labjobs:remake_decide             APPROVE_REMAKES      ?remake             get   staff
labjobs:remake_page               VIEW_JOBS            ?remake             get   staff
labjobs:renew                     RELEASE_JOBS         job                 get   staff
labjobs:resume                    ADVANCE_JOBS         job                 get   staff
labjobs:rework                    CHECK_QUALITY        job                 post  staff
labjobs:scan                      VIEW_JOBS            -                   get   staff
labjobs:send_back                 RECORD_FITTINGS      job                 get   staff
labjobs:sent  ADVANCE_JOBS|RELEASE_JOBS  job  post  staff
labjobs:shipped  ADVANCE_JOBS|RELEASE_JOBS  job  post  staff
labjobs:status                    ADVANCE_JOBS         lab                 get   staff
labjobs:term                      MANAGE_LABS          ?term               get   staff
labjobs:terms                     MANAGE_LABS          -                   get   staff
labjobs:ticket                    VIEW_JOBS            job                 get   staff
labjobs:ticket_pdf                VIEW_JOBS            job                 get   staff
labjobs:tickets                   VIEW_JOBS            -                   get   staff
labjobs:trays                     MANAGE_LABS          lab                 get   staff
labjobs:verification              CHECK_QUALITY        job                 get   staff
labjobs_api:advance               -                    job                 get   api
labjobs_api:detail                -                    job                 get   api
labjobs_api:list                  -                    -                   get   api
labjobs_api:order_file            -                    job                 get   api
labjobs_api:status                -                    job                 get   api
labjobs_api:ticket                -                    job                 get   api
measures:dashboard                VIEW_MEASURES        -                   get   staff
measures:lab                      ADVANCE_JOBS         -                   get   staff
measures:lab_rows                 ADVANCE_JOBS         ?lab_measure        get   staff
measures:measure                  VIEW_MEASURES        measure             get   staff
measures:mine                     SIGN_PRESCRIPTIONS   -                   get   staff
measures:mine_rows                SIGN_PRESCRIPTIONS   measure             get   staff
measures:rebuild                  MANAGE_SETTINGS      -                   get   staff
measures:rows                     VIEW_MEASURES        measure             get   staff
measures:target                   VIEW_MEASURES        measure             get   staff
messages:close                    RESEND_MESSAGES      message             get   staff
messages:html                     VIEW_MESSAGES        message             get   staff
messages:log                      VIEW_MESSAGES        -                   get   staff
messages:held_up                  REPROMISE_JOBS       order               get   staff
messages:message                  VIEW_MESSAGES        message             get   staff
messages:recall                   MANAGE_VISITS        -                   get   staff
messages:recall_plan              MANAGE_VISITS        -                   get   staff
messages:recall_rules             EDIT_TEMPLATES       -                   get   staff
messages:recall_send              RESEND_MESSAGES      -                   post  staff
messages:resend                   RESEND_MESSAGES      message             post  staff
messages:rules                    EDIT_TEMPLATES       -                   get   staff
messages:sample_mail              EDIT_TEMPLATES       ?mail               get   staff
messages:send_by                  RESEND_MESSAGES      message+sms         post  staff
messages:switch                   EDIT_TEMPLATES       ?rule               post  staff
messages:text                     EDIT_TEMPLATES       ?text               get   staff
orders:adjust                     REFUND_PAYMENTS      order               get   staff
orders:assign                     VIEW_ORDERS          order               get   staff
orders:cut_links                  EDIT_ORDERS          order               post  staff
orders:links                      VIEW_ORDERS          order               get   staff
orders:delivery                   VIEW_ORDERS          order               get   staff
orders:bank                       RECONCILE_PAYMENTS   -                   get   staff
orders:bank_discard               RECONCILE_PAYMENTS   statement           post  staff
orders:bank_line                  RECONCILE_PAYMENTS   bank-line           get   staff
orders:bank_sample                RECONCILE_PAYMENTS   -                   get   staff
orders:bank_settle                RECONCILE_PAYMENTS   bank-line           post  staff
orders:bank_settle_exact          RECONCILE_PAYMENTS   statement           post  staff
orders:bank_statement             RECONCILE_PAYMENTS   statement           get   staff
orders:bulk                       VIEW_ORDERS          -                   post  staff
orders:bulk_assign                EDIT_ORDERS          -                   get   staff
orders:bulk_date                  REPROMISE_JOBS       -                   get   staff
orders:bulk_note                  VIEW_ORDERS          -                   get   staff
orders:cancel                     VIEW_ORDERS          order               get   staff
orders:choose_frame               EDIT_ORDERS          order               post  staff
orders:choose_prescription        EDIT_ORDERS          order               post  staff
orders:claim                      VIEW_ORDERS          ?claim              get   staff
orders:claim_submit               VIEW_ORDERS          order               get   staff
orders:claim_withdraw             VIEW_ORDERS          ?claim              get   staff
orders:close                      COLLECT_ORDERS       order               post  staff
orders:compare                    EDIT_ORDERS          order               get   staff
orders:confirm                    APPROVE_ORDERS       order               post  staff
orders:credit_note                VIEW_ORDERS          ?number             get   staff
orders:dispense                   EDIT_ORDERS          order               get   staff
orders:drawer                     CLOSE_DRAWER         -                   get   staff
orders:drawer_report              CLOSE_DRAWER         ?drawer             get   staff
orders:invoice                    VIEW_ORDERS          order               get   staff
orders:kiosk                      APPROVE_ORDERS       order               post  staff
orders:list                       VIEW_ORDERS          -                   get   staff
orders:note                       VIEW_ORDERS          order               get   staff
orders:own_frame                  EDIT_ORDERS          order               get   staff
orders:page                       VIEW_ORDERS          order               get   staff
orders:paper                      VIEW_ORDERS          order+invoice       get   staff
orders:pay                        TAKE_PAYMENTS        order               get   staff
orders:quotation                  VIEW_ORDERS          order+version       get   staff
orders:quote                      EDIT_ORDERS          order               get   staff
orders:receipt                    VIEW_ORDERS          entry               get   staff
orders:receipt_print              VIEW_ORDERS          entry               get   staff
orders:refund                     REFUND_PAYMENTS      order               get   staff
orders:saved_views                VIEW_ORDERS          -                   get   staff
orders:saved_view_name            VIEW_ORDERS          ?view               get   staff
orders:saved_view_share           VIEW_ORDERS          ?view-state          post  staff
orders:saved_view_open            VIEW_ORDERS          ?view-state          post  staff
orders:saved_view_delete          VIEW_ORDERS          ?view               post  staff
orders:repromise                  VIEW_ORDERS          order               get   staff
orders:search_frames              EDIT_ORDERS          order               get   staff
orders:second_pair                EDIT_ORDERS          order               post  staff
orders:send                       EDIT_ORDERS          order               get   staff
orders:take_option                EDIT_ORDERS          order+999999        post  staff
orders:start                      EDIT_ORDERS          ?body               post  staff
orders:statement                  VIEW_ORDERS          ?number             get   staff
orders:statement_paper            VIEW_ORDERS          ?number             get   staff
orders:tablet                     APPROVE_ORDERS       order               get   staff
orders:tablet_back                -                    ?order              post  staff
orders:tablet_decline             APPROVE_ORDERS       order               post  staff
orders:tray                       EDIT_ORDERS          order               post  staff
orders:use_credit                 TAKE_PAYMENTS        ?order-order        get   staff
orders_api:approve                -                    order+version       get   api
orders_api:cancel                 -                    order               get   api
orders_api:claim_answer           -                    ?claim              post  api
orders_api:claims                 -                    order               get   api
orders_api:detail                 -                    order               get   api
orders_api:list                   -                    -                   get   api
orders_api:payments               -                    order               get   api
orders_api:quotations             -                    order               get   api
orders_api:refunds                -                    order               post  api
orders_api:repromise              -                    order               get   api
portal:approve                    -                    ?code               get   public
portal:code                       -                    ?code               get   public
portal:collect                    -                    ?code               get   public
portal:decline                    -                    ?code               get   public
portal:collect_at                 -                    ?code               get   public
portal:privacy                    -                    ?code               get   public
portal:details                    -                    ?code               get   public
portal:enter                      -                    ?token              get   public
portal:feedback                   -                    ?code               get   public
portal:find                       -                    -                   get   public
portal:invoice                    -                    ?code               get   public
portal:manifest                   -                    -                   get   public
portal:nowhere                    -                    ?rest               get   public
portal:notices                    -                    ?code               get   public
portal:notices_off                -                    ?code-pk            post  public
portal:notices_on                 -                    ?code               post  public
portal:notices_renewed            -                    -                   post  public
portal:order                      -                    ?code               get   public
portal:order_messages             -                    ?code               get   public
portal:paid                       -                    ?code-asked         get   public
portal:pay                        -                    ?code               get   public
portal:pay_page                   -                    ?code-asked         get   public
portal:preferences                -                    ?value              get   public
portal:problem                    -                    ?code               get   public
portal:problem_thanks             -                    ?code               get   public
portal:return                     -                    ?code               get   public
portal:return_keep                -                    ?code               get   public
portal:return_slip                -                    ?code               get   public
portal:return_thanks              -                    ?code               get   public
portal:receipt                    -                    ?code               get   public
portal:thanks                     -                    ?code               get   public
portal:visit                      -                    ?value              get   public
portal:worker                     -                    -                   get   public
prescriptions:add_evidence        WRITE_PRESCRIPTIONS  rx                  get   staff
prescriptions:check               WRITE_PRESCRIPTIONS  customer            post  staff
prescriptions:correct             WRITE_PRESCRIPTIONS  rx                  get   staff
prescriptions:correct_check       WRITE_PRESCRIPTIONS  rx                  post  staff
prescriptions:discard             WRITE_PRESCRIPTIONS  rx                  post  staff
prescriptions:edit                WRITE_PRESCRIPTIONS  rx                  get   staff
prescriptions:end                 SIGN_PRESCRIPTIONS   rx                  get   staff
prescriptions:fhir                VIEW_PRESCRIPTIONS   rx+r4b              get   staff
prescriptions:finish_test         RUN_EYE_TESTS        ?eye_test           post  staff
prescriptions:import              WRITE_PRESCRIPTIONS  customer            get   staff
prescriptions:list                VIEW_PRESCRIPTIONS   -                   get   staff
prescriptions:new                 WRITE_PRESCRIPTIONS  customer            get   staff
prescriptions:outside             WRITE_PRESCRIPTIONS  customer            get   staff
prescriptions:page                VIEW_PRESCRIPTIONS   rx                  get   staff
prescriptions:paper               VIEW_PRESCRIPTIONS   rx                  get   staff
prescriptions:start_test          RUN_EYE_TESTS        customer            get   staff
prescriptions:test                VIEW_PRESCRIPTIONS   ?eye_test           get   staff
prescriptions_api:correct         -                    rx                  get   api
prescriptions_api:detail          -                    rx                  get   api
prescriptions_api:enter_in_error  -                    rx                  get   api
prescriptions_api:fhir_in         -                    -                   get   api
prescriptions_api:fhir_out        -                    rx                  get   api
prescriptions_api:list            -                    -                   get   api
prescriptions_api:sign            -                    rx                  get   api
prescriptions_api:withdraw        -                    rx                  get   api
records:add_evidence              VIEW_ORDERS          record              get   staff
records:evidence                  VIEW_ORDERS          ?evidence           get   staff
records:evidence_small            VIEW_ORDERS          ?evidence           get   staff
records:acknowledge               VIEW_ORDERS          handover            post  staff
records:handovers                 VIEW_ORDERS          -                   get   staff
records:decide                    VIEW_ORDERS          ?review              get   staff
records:history                   VIEW_ORDERS          record              get   staff
records:record                    VIEW_ORDERS          record              get   staff
records:override                  OVERRIDE_REVIEWS     review              get   staff
records:reviews                   VIEW_ORDERS          -                   get   staff
reporting:audit                   VIEW_AUDIT           ?dataset            get   staff
reporting:audits                  VIEW_AUDIT           -                   get   staff
reporting:build                   VIEW_MEASURES        ?dataset            get   staff
reporting:export                  EXPORT_DATA          ?export             get   staff
reporting:export_again            EXPORT_DATA          ?export             post  staff
reporting:export_approve          EXPORT_DATA          ?export             post  staff
reporting:export_cancel           EXPORT_DATA          ?export             post  staff
reporting:export_file             EXPORT_DATA          ?export             get   staff
reporting:export_list             EXPORT_DATA          ?list               post  staff
reporting:export_new              EXPORT_DATA          ?body               post  staff
reporting:export_refuse           EXPORT_DATA          ?export             post  staff
reporting:export_retry            EXPORT_DATA          ?export             post  staff
reporting:exports                 EXPORT_DATA          -                   get   staff
reporting:index                   VIEW_MEASURES        -                   get   staff
reporting:pack                    VIEW_MEASURES        ?pack               get   staff
reporting:pack_file               VIEW_MEASURES        ?pack-file          get   staff
reporting:pack_retry              VIEW_MEASURES        ?pack               post  staff
reporting:packs                   VIEW_MEASURES        -                   get   staff
reporting:privacy                 ERASE_CUSTOMERS      -                   get   staff
reporting:privacy_copy            EXPORT_PERSONAL      ?customer           post  staff
reporting:privacy_customer        ERASE_CUSTOMERS      customer            get   staff
reporting:privacy_decide          ERASE_CUSTOMERS      ?wish               post  staff
reporting:privacy_restrict        ERASE_CUSTOMERS      customer            post  staff
reporting:ready                   VIEW_MEASURES        ?dataset            get   staff
reporting:reconcile               VIEW_AUDIT           -                   post  staff
reporting:reconciliation          VIEW_AUDIT           -                   get   staff
reporting:remove                  VIEW_MEASURES        ?report             post  staff
reporting:save                    VIEW_MEASURES        -                   get   staff
reporting:saved                   VIEW_MEASURES        ?report             get   staff
reporting:schedule                VIEW_MEASURES        ?schedule           get   staff
reporting:schedule_change         VIEW_MEASURES        ?schedule           get   staff
reporting:schedule_leave          VIEW_MEASURES        ?schedule           post  staff
reporting:schedule_new            EXPORT_DATA          ?report             get   staff
reporting:schedule_pause          VIEW_MEASURES        ?schedule           post  staff
reporting:schedule_remove         VIEW_MEASURES        ?schedule           post  staff
reporting:schedule_resume         VIEW_MEASURES        ?schedule           post  staff
reporting:schedule_send           VIEW_MEASURES        ?schedule           post  staff
reporting:schedules               VIEW_MEASURES        -                   get   staff
shipping:carrier                  MANAGE_SETTINGS      carrier             get   staff
shipping:carrier_new              MANAGE_SETTINGS      -                   get   staff
shipping:carriers                 MANAGE_SETTINGS      -                   get   staff
shipping:change                   SHIP_ORDERS          shipment            get   staff
shipping:door_renew               MANAGE_SETTINGS      ?pk                 post  staff
shipping:door_switch              MANAGE_SETTINGS      ?pk                 post  staff
shipping:doors                    MANAGE_SETTINGS      -                   get   staff
shipping:hand_over                SHIP_ORDERS          shipment            post  staff
shipping:list                     VIEW_ORDERS          -                   get   staff
shipping:pack                     SHIP_ORDERS          order               get   staff
shipping:paper                    VIEW_ORDERS          shipment+label      get   staff
shipping:paper_pdf                VIEW_ORDERS          shipment+label      get   staff
shipping:readdress                SHIP_ORDERS          shipment            get   staff
shipping:ready                    SHIP_ORDERS          -                   get   staff
shipping:report                   SHIP_ORDERS          -                   get   staff
shipping:say                      SHIP_ORDERS          shipment            get   staff
shipping:shipment                 VIEW_ORDERS          shipment            get   staff
shipping:unpack                   SHIP_ORDERS          shipment            get   staff
shipping:word                     MANAGE_SETTINGS      ?pk                 get   staff
shipping:words                    MANAGE_SETTINGS      -                   get   staff
shipping_api:detail               -                    shipment            get   api
shipping_api:list                 -                    -                   get   api
visits:appointment                MANAGE_VISITS        appointment         get   staff
visits:appointment_step           MANAGE_VISITS        appointment+arrive  post  staff
visits:book                       MANAGE_VISITS        -                   get   staff
visits:cancel                     MANAGE_VISITS        appointment         get   staff
visits:end                        MANAGE_VISITS        visit               get   staff
visits:known                      MANAGE_VISITS        -                   get   staff
visits:today                      -                    -                   get   staff
visits:visit_step                 MANAGE_VISITS        visit+start_test    post  staff
visits:walk_in                    MANAGE_VISITS        -                   get   staff
visits_api:appointment            -                    appointment         get   api
visits_api:appointments           -                    -                   get   api
visits_api:arrive                 -                    appointment         get   api
visits_api:cancel                 -                    appointment         get   api
visits_api:end                    -                    visit               get   api
visits_api:free                   -                    -                   get   api
visits_api:leave                  -                    visit               get   api
visits_api:list                   -                    -                   get   api
visits_api:no_show                -                    appointment         get   api
visits_api:start_dispensing       -                    visit               get   api
visits_api:start_test             -                    visit               get   api
visits_api:wait                   -                    visit               get   api
"""


@dataclass(frozen=True)
class Route:
    """A line of the table. `needs` holds the values of the rights of which one suffices; empty: none is needed."""

    name: str
    needs: frozenset[str]
    object: str
    method: str
    door: str

    def allows(self, role: str) -> bool:
        """Whether a role held in one branch opens this address."""
        return self.name not in ORGANISATION_ONLY and (not self.needs or bool(self.needs & MATRIX[role]))

    @property
    def of_branch(self) -> bool:
        return self.object.split("+")[0] in BRANCH_OWNED

    @property
    def has_example(self) -> bool:
        return not self.object.startswith("?")


def _route(line: str) -> Route:
    name, right, target, method, door = line.split()
    needs = frozenset(Can[one].value for one in right.split("|") if one != "-")
    return Route(name, needs, "" if target == "-" else target, method, door)


ROUTES = {route.name: route for route in (_route(line) for line in TABLE.strip().splitlines())}
