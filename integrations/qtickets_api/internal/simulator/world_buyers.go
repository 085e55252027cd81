package simulator

import (
	"fmt"
	"strconv"
)

// Every personal datum of a world carries one of these marks, so that a test can search a whole
// warehouse, log or dump for people who must not be there. All of it is invented.
const (
	canaryLatin    = "canary"
	canaryCyrillic = "Канарейка"
	canaryPhone    = "+7999555"
	canaryCard     = "553691******"
	canaryBarcode  = "991773"
)

// Canaries lists strings to search for: the marks that occur in every personal text of this world and
// some whole values (e-mails, phones, barcodes). It is enough to find any person, not every digit.
func (w *World) Canaries() []string {
	w.mu.RLock()
	defer w.mu.RUnlock()
	found := []string{canaryLatin, "CANARY", canaryCyrillic, "КАНАРЕЙКА", canaryPhone, canaryCard}
	for i, c := range w.clients {
		if i == 20 {
			break
		}
		found = append(found, c.email(), c.phone(), c.name())
	}
	for i, o := range w.orders {
		if i == 20 {
			break
		}
		for _, t := range o.tickets {
			found = append(found, t.barcode())
		}
	}
	return found
}

func (c *client) email() string {
	return "canary.buyer" + strconv.FormatInt(c.id, 10) + "@mail.example.test"
}
func (c *client) name() string { return canaryCyrillic + strconv.FormatInt(c.id, 10) }

// surname is missing for every third buyer.
func (c *client) surname() string {
	if c.id%3 == 0 {
		return ""
	}
	return canaryCyrillic + "ова"
}
func (c *client) phone() string { return fmt.Sprintf("%s%04d", canaryPhone, c.id%10000) }
func (c *client) card() string  { return fmt.Sprintf("%s%04d", canaryCard, c.id%10000) }

func (t *ticket) barcode() string { return fmt.Sprintf("%s%06d", canaryBarcode, t.seq%1000000) }

func (t *ticket) pdfURL() string {
	return fmt.Sprintf("https://example.test/ticket/pdf/%d/canarypdf%08x", t.id, t.seq*2654435761%(1<<32))
}

func (t *ticket) passbookURL() string {
	return fmt.Sprintf("https://example.test/ticket/pas/%d/canarypas%08x", t.id, t.seq*2654435761%(1<<32))
}

func (o *order) paymentURL() string { return "https://example.test/pay/canary/" + o.uniqid }
func (o *order) cancelURL() string {
	return "https://example.test/cancel-order/" + o.uniqid + "/canarycancel" + strconv.FormatInt(o.id, 16)
}
