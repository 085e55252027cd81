package datalens

// words are the columns of all views that mean the same wherever they stand: title, meaning in English, aggregation. In
// Russian both are the comment of the column.
var words = map[string]Field{
	"at":       column("Time", "Minute of the payment or refund, Moscow time"),
	"day":      column("Day", "Moscow day of the payment or refund"),
	"hour":     column("Hour", "Hour in Moscow, 0 to 23"),
	"weekday":  column("Weekday", "Weekday in Moscow, 1 is Monday"),
	"event_id": column("Event id", "Event of QTickets"),
	"show_id":  column("Show id", "Show of QTickets: one date of an event; 0 is the whole event"),

	"event_name": column("Event", "Name of the event"),
	"city":       column("City", "City of the event"),
	"show_name":  column("Show name", "Name of the show, often empty"),
	"show_date":  column("Show date", "Date of the show at its place"),
	"show_time":  column("Show time", "When the show begins, local time"),
	"start_at":   column("Starts at", "When the show begins, Moscow time"),
	"finish_at":  column("Ends at", "When the show ends, Moscow time"),
	"place_name": column("Place", "Where the show is"),
	"timezone":   column("Time zone", "Time zone of the city"),
	"cancelled":  column("Cancelled", "1: the show or its event is deleted"),

	"sale_start_at": column("Sale starts", "When the sale begins, Moscow time"),
	"days_left":     column("Days left", "Days to the show, 0 on its day; NULL where it has no date"),
	"currency_id":   column("Currency", "Never add sums of two currencies"),
	"utm_source":    column("UTM source", "In lower case, empty without a tag"),
	"utm_medium":    column("UTM medium", "Empty without a tag"),
	"utm_campaign":  column("UTM campaign", "Empty without a tag"),
	"promo_code":    column("Promo code", "Empty without one"),
	"sales_date":    column("Sales day", "Moscow day of the payment"),
	"refund_date":   column("Refund day", "Moscow day of the refund"),
	"snapshot_ts":   column("Seats as of", "When the seats were read, Moscow time"),
	"inventory_ts":  column("Seats as of", "When the seats were read, Moscow time"),
	"as_of":         column("Complete as of", "Up to when the data is complete, Moscow time"),
	"zone_id":       column("Zone id", "Zone of the hall"),
	"zone_name":     column("Zone", "Name of the zone"),

	"payment_type_id": column("Payment method", "How the order was paid"),
	"site":            column("Site", "Where the order was made: address, #id where it is unknown, empty: unknown"),
	"ordered_at":      column("Ordered at", "When the order was made, to the minute, Moscow time"),
	"price":           column("Ticket price", "0: free"),
	"checked_at":      column("Entry", "Minute of the scan at the door, Moscow time; NULL: not scanned"),
	"after_start":     column("Minutes after the start", "Of the entry; below 0: before it; NULL: no entry, or no start"),
	"order_tickets":   column("Tickets of the order", "Tickets paid in the order"),

	"orders":           measure("Orders", "Paid orders; not to be added over shows", "sum"),
	"tickets":          measure("Tickets", "Paid tickets, those refunded later too", "sum"),
	"tickets_free":     measure("Free tickets", "Tickets of price 0 among them", "sum"),
	"tickets_sold":     measure("Sold", "Tickets sold, without refunded and cancelled ones", "sum"),
	"gross_tickets":    measure("Tickets paid", "Paid tickets, those refunded later too", "sum"),
	"gross_revenue":    measure("Gross", "Money before refunds", "sum"),
	"refunded_tickets": measure("Tickets refunded", "Refunded tickets", "sum"),
	"refunded_gross":   measure("Gross of refunded", "What refunded tickets had cost", "sum"),
	"refunded_revenue": measure("Refunded", "Money returned to buyers", "sum"),
	"kept_revenue":     measure("Kept", "What was kept of refunded tickets", "sum"),
	"revenue":          measure("Revenue", "Gross minus refunded", "sum"),
	"discount":         measure("Discounts", "Taken off the list price of tickets", "sum"),

	"free_discount":    measure("List price of free tickets", "Discounts of free tickets, among Discounts", "sum"),
	"tickets_unpriced": measure("Tickets without list price", "Free tickets without a discount", "sum"),
	"tickets_came":     measure("Came", "Tickets scanned at the door", "sum"),

	"tickets_sold_today": measure("Sold today", "Tickets sold on the Moscow day of as_of", "sum"),
	"revenue_today":      measure("Revenue today", "Revenue of the Moscow day of as_of", "sum"),
	"tickets_sold_14d":   measure("Sold in 14 days", "With the day of as_of", "sum"),
	"revenue_14d":        measure("Revenue of 14 days", "With the day of as_of", "sum"),

	"capacity":     measure("Capacity", "Seats of the hall; NULL: unknown", "sum"),
	"closed":       measure("Closed", "Seats taken off sale by the organiser", "sum"),
	"tickets_left": measure("Left", "Can be bought now; NULL: unknown", "max"),
	"fill":         measure("Fill", "Sold ÷ (capacity − closed), 0 to 1, of one show", "max"),
	"sold":         measure("Sold", "Seats paid by the plan of the hall", "sum"),
	"held":         measure("Held", "Seats in bookings and carts", "sum"),
	"free":         measure("Left", "Can be bought now", "sum"),
	"min_price":    measure("List price from", "Lowest list price of a seat", "min"),
	"max_price":    measure("List price to", "Highest list price of a seat", "max"),
	"sold_on_day":  measure("Sold on the day", "Sold minus refunded with so many days left", "sum"),

	"status":           column("Status", "running, ok, partial, failed"),
	"mode":             column("Mode", "backfill, increment, reconcile, reread, webhook, rebuild"),
	"started_at":       column("Started", "Moscow time"),
	"finished_at":      column("Finished", "Moscow time; NULL: not yet"),
	"message":          column("Message", "What came of it, or why it failed and what to do"),
	"error_class":      column("Kind of error", "Empty without one"),
	"orders_read":      measure("Orders read", "Orders read by the run", "sum"),
	"tickets_read":     measure("Tickets read", "Tickets read by the run", "sum"),
	"inventory_read":   measure("Halls read", "Shows whose seats were read", "sum"),
	"inventory_failed": measure("Halls failed", "Shows whose seats could not be read", "sum"),
	"quarantined":      measure("Quarantined", "Rows that could not be parsed", "sum"),
	"api_requests":     measure("Requests", "Requests to QTickets", "sum"),
	"duration_ms":      measure("Duration, ms", "How long the run took", "sum"),

	"days_ago":     column("Days ago", "0 is today in Moscow, 1 yesterday"),
	"is_today":     column("Is today", "1: this Moscow day is now"),
	"hours_ago":    column("Hours ago", "Full hours since the start; below 24: the last day and night"),
	"is_coming":    column("To come", "1: the show is neither over nor cancelled"),
	"days_to_show": column("Days to the show", "From today in Moscow; below 0: it is past"),
	"months_ago":   column("Months ago", "0: a plan of this month in Moscow, below 0: of one to come"),

	"target":            column("Target", "show, event or month: add rows of one kind only"),
	"month":             column("Month", "First day of the month planned; NULL: all sales"),
	"plan_tickets":      measure("Plan, tickets", "NULL: none", "sum"),
	"plan_revenue":      measure("Plan, revenue", "NULL: none", "sum"),
	"fact_tickets":      measure("Fact, tickets", "Sold, refunded ones not", "sum"),
	"fact_revenue":      measure("Fact, revenue", "Gross minus refunded", "sum"),
	"state":             column("State", "will_miss, may_miss, on_course, too_early, running, …"),
	"measured_by":       column("Measured by", "plan, or usual: the usual final of similar shows"),
	"usual_tickets":     measure("Usual final", "Of similar shows, tickets of the whole show", "max"),
	"forecast_low":      measure("Forecast from", "8 of 10 shows end above", "max"),
	"forecast_expected": measure("Forecast", "Tickets sold in the end; NULL: none", "max"),
	"forecast_high":     measure("Forecast to", "The other end of 8 of 10", "max"),
	"chance_to_miss":    measure("Chance to miss", "To sell less than the plan, 0 to 1", "max"),
	"needed_per_day":    measure("Required pace", "Tickets a day that would reach the plan", "max"),
	"forecast_at":       column("Forecast as of", "Data the forecast was made from, Moscow time"),
}

func column(title, meaning string) Field {
	return Field{Title: Text{EN: title}, About: Text{EN: meaning}}
}

func measure(title, meaning, aggregation string) Field {
	f := column(title, meaning)
	f.Aggregation = aggregation
	return f
}
