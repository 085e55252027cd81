// Package simulator is a QTickets for tests and demonstrations: the organiser's REST API served from a seeded
// world that sells, expires, refunds and scans on its own clock, with every fault of section 17 of the API
// notes as a switch. It shares no code with the loader, so a misreading of the notes in one shows up as a
// difference from the other. Sections in the comments are those of the API notes, docs/qtickets-api.md.
//
// Three parts: [World] is the box office (orders, halls, the clock, [World.Oracle]); [Server] answers HTTP
// requests about it (query language, faults, counters); [Webhooks] sends the events of its orders.
// [NewWorld] makes one that holds what goes wrong, [NewSeason] one that looks like a real one, for the demo.
// [LoadCapture] makes a world of recorded production responses instead of an invented one.
//
// Files by part: world_ (the box office), oracle (what the facts must be), api_ (requests and responses),
// json_ (how they are written), fault_ (what goes wrong on demand), webhook.
//
// # The oracle
//
// [World.Oracle] reads the life-cycle record that each operation leaves on a ticket (sold when, charged how
// much, returned how much), never the JSON: a fault that garbles a response, or a refund rule that hides a
// refund from updated_at, does not change the oracle.
//
// Choices where the API notes are silent, each made in one place of the code:
//
//   - Season tickets: the main basket (related_baskets not empty) has price 0, takes no seat and is never counted; the
//     linked baskets of the same order carry the seats and the money.
//   - Replacement: the old order is cancelled without a refund, a new paid order of the same price
//     appears, so the sale is counted once, on the day of the replacement.
//   - A ticket has no barcode and no pdf until it is paid.
//   - ticket_amount of a refunded ticket stays its price, unless refunds also delete (see [RefundRules]).
//   - Closed seats answer disabled:true and free_quantity 0; quota seats (spread.users) answer
//     disabled:true but keep their free_quantity. Both are "closed" for the oracle.
//   - In a multi-tariff hall each tariff of a seat is a row with the same root_id; free_quantity and
//     max_quantity are of the physical seat, ordered_quantity and payed_quantity of the tariff sold.
//   - ordered_quantity includes payed_quantity (section 10).
//   - Condition "column = null" matches nothing; an unknown column or operator answers 503; an
//     unknown name in select is left out.
//   - Page numbers below 1 are page 1; a page past the end answers "data":[].
//
// # Not imitated
//
//   - Writing: POST, PUT, DELETE and PATCH change nothing, are counted and answer 503 (section 17 wants them to
//     fail a test). Orders are made by methods of World.
//   - The Partners API, apart from its way of refusing (HTTP 200 with an error code).
//   - Service fees (always 0, as in the captures), add-on services, access codes, gpass_url.
//   - Personal quotas by the request key "context"; the key is ignored.
//   - Price modifiers by date or sales count: prices do not move.
//   - Zones with daylight saving: all cities of the world have a fixed offset, and Moscow is +03:00
//     (true since October 2014; start worlds later than that).
//   - The real cache in front of the API beyond the fault [StaleCache], rate limits beyond
//     [TooManyRequests], TLS and HTTP/2.
package simulator
