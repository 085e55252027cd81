package simulator

// cellKind says how a column compares with a value from a request.
type cellKind byte

const (
	cellNull cellKind = iota
	cellInt
	cellMoney // kopecks
	cellMoment
	cellString
)

// cell is one column's value of one row.
type cell struct {
	kind cellKind
	n    int64
	s    string
}

func intCell(n int64) cell     { return cell{kind: cellInt, n: n} }
func moneyCell(n int64) cell   { return cell{kind: cellMoney, n: n} }
func stringCell(s string) cell { return cell{kind: cellString, s: s} }

func boolCell(b bool) cell {
	if b {
		return intCell(1)
	}
	return intCell(0)
}

// momentCell is null for 0, as the API's timestamps are.
func momentCell(n int64) cell {
	if n == 0 {
		return cell{}
	}
	return cell{kind: cellMoment, n: n}
}

// row is something a list shows.
type row interface {
	number() int64 // its id
	cell(column string) cell
	write(p *phpWriter, detail bool)
}

// rowList is rows in the list's default order.
type rowList interface {
	length() int
	at(i int) row
}

type rowsOf[T row] []T

func (r rowsOf[T]) length() int  { return len(r) }
func (r rowsOf[T]) at(i int) row { return r[i] }

// table is one list of the API.
type table struct {
	name     string
	resource string // the word of its JSON 404, "" if it has no details
	perPage  int
	columns  map[string]cellKind
	rows     rowList
	byID     bool // the default order is ascending id
	// narrow answers a condition without a look at each row, if it can.
	narrow func(*test) (rowList, bool)
	find   func(id int64) row
}

var stampColumns = map[string]cellKind{"id": cellInt, "created_at": cellMoment, "updated_at": cellMoment,
	"deleted_at": cellMoment}

func columns(more map[string]cellKind) map[string]cellKind {
	all := map[string]cellKind{}
	for _, m := range []map[string]cellKind{stampColumns, more} {
		for k, v := range m {
			all[k] = v
		}
	}
	return all
}

var (
	orderColumns = columns(map[string]cellKind{
		"payed": cellInt, "payed_at": cellMoment, "event_id": cellInt, "client_id": cellInt, "uniqid": cellString,
		"price": cellMoney, "original_price": cellMoney, "currency_id": cellString, "reserved": cellInt,
		"reserved_to": cellMoment, "discount_id": cellInt, "promo_code_id": cellInt, "site_id": cellInt,
		"client.details.vk_id": cellString,
	})
	ticketColumns = columns(map[string]cellKind{
		"barcode": cellString, "show_id": cellInt, "order_id": cellInt, "checked_at": cellMoment, "refunded_at": cellMoment,
		"price": cellMoney, "seat_id": cellString,
	})
	eventColumns = columns(map[string]cellKind{"is_active": cellInt, "name": cellString, "city_id": cellInt,
		"currency_id": cellString})
	discountColumns = columns(map[string]cellKind{"is_active": cellInt, "name": cellString})
	promoColumns    = columns(map[string]cellKind{"is_active": cellInt, "discount_id": cellInt, "code": cellString,
		"max_uses_count": cellInt})
	clientColumns = map[string]cellKind{"id": cellInt, "email": cellString}
)

func (o *order) number() int64                   { return o.id }
func (o *order) write(p *phpWriter, detail bool) { p.appendOrder(o, detail) }
func (o *order) cell(column string) cell {
	switch column {
	case "id":
		return intCell(o.id)
	case "event_id":
		return intCell(o.event.id)
	case "payed":
		return boolCell(o.payed)
	case "updated_at":
		return momentCell(*o.updatedAt)
	case "created_at":
		return momentCell(o.createdAt)
	case "payed_at":
		return momentCell(o.payedAt)
	case "deleted_at":
		return momentCell(o.deletedAt)
	case "reserved_to":
		return momentCell(o.reservedTo)
	case "reserved":
		if o.reservedNull {
			return cell{}
		}
		return boolCell(o.reserved)
	case "client_id":
		return intCell(o.client.id)
	case "site_id":
		return intCell(o.site().id)
	case "uniqid":
		return stringCell(o.uniqid)
	case "price":
		return moneyCell(o.price)
	case "original_price":
		return moneyCell(o.originalPrice)
	case "currency_id":
		return stringCell(o.event.currency)
	case "client.details.vk_id":
		return stringCell("")
	}
	if o.promo != nil && column == "discount_id" {
		return intCell(o.promo.discount.id)
	}
	if o.promo != nil && column == "promo_code_id" {
		return intCell(o.promo.id)
	}
	return cell{}
}

func (t *ticket) number() int64              { return t.id }
func (t *ticket) write(p *phpWriter, _ bool) { p.appendTicket(t) }
func (t *ticket) cell(column string) cell {
	switch column {
	case "id":
		return intCell(t.id)
	case "show_id":
		return intCell(t.show.id)
	case "order_id":
		return intCell(t.order.id)
	case "checked_at":
		return momentCell(t.checkedAt)
	case "refunded_at":
		return momentCell(t.refundedAt)
	case "price":
		return moneyCell(t.price)
	case "barcode":
		if t.deletedAt != 0 || t.order.payedAt == 0 {
			return cell{}
		}
		return stringCell(t.barcode())
	case "seat_id":
		if t.seat == nil {
			return stringCell("SEASON-1;1")
		}
		return stringCell(t.seat.id)
	}
	return stampCell(column, t.createdAt, t.updatedAt, t.deletedAt)
}

func stampCell(column string, created, updated, deleted int64) cell {
	switch column {
	case "created_at":
		return momentCell(created)
	case "updated_at":
		return momentCell(updated)
	case "deleted_at":
		return momentCell(deleted)
	}
	return cell{}
}

func (e *event) number() int64              { return e.id }
func (e *event) write(p *phpWriter, _ bool) { p.appendEvent(e) }
func (e *event) cell(column string) cell {
	switch column {
	case "id":
		return intCell(e.id)
	case "is_active":
		return boolCell(e.active)
	case "name":
		return stringCell(e.name)
	case "city_id":
		return intCell(e.city.id)
	case "currency_id":
		return stringCell(e.currency)
	}
	return stampCell(column, e.createdAt, e.updatedAt, e.deletedAt)
}

func (d *discount) number() int64              { return d.id }
func (d *discount) write(p *phpWriter, _ bool) { p.appendDiscount(d) }
func (d *discount) cell(column string) cell {
	switch column {
	case "id":
		return intCell(d.id)
	case "is_active":
		return boolCell(d.active)
	case "name":
		return stringCell(d.name)
	}
	return stampCell(column, d.createdAt, d.updatedAt, d.deletedAt)
}

func (c *promoCode) number() int64              { return c.id }
func (c *promoCode) write(p *phpWriter, _ bool) { p.appendPromoCode(c) }
func (c *promoCode) cell(column string) cell {
	switch column {
	case "id":
		return intCell(c.id)
	case "is_active":
		return boolCell(c.active)
	case "discount_id":
		return intCell(c.discount.id)
	case "code":
		return stringCell(c.code)
	case "max_uses_count":
		return intCell(int64(c.maxUses))
	}
	return stampCell(column, c.createdAt, c.updatedAt, c.deletedAt)
}

func (c *client) number() int64              { return c.id }
func (c *client) write(p *phpWriter, _ bool) { p.appendClient(c) }
func (c *client) cell(column string) cell {
	if column == "email" {
		return stringCell(c.email())
	}
	return intCell(c.id)
}
