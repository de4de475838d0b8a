package tdi

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
)

// Record is what counting needs of an episode, small enough that a country's ten years lie in memory and are read from the store as one short field each.
type Record struct {
	Person   uint64 // 0: anonymous
	Facility uint64 // number of the treatment unit (Number)
	Region   uint64 // number of the region
	Drugs    uint64 // a bit for each drug named, primary or secondary, without "none"
	Second   uint64 // a bit for each secondary drug, with "none" and "not known"
	Year     uint16
	Day      uint16 // day of the year, 1 to 366
	First    Code   // first secondary drug
	Next     Code   // second secondary drug
	Age      int8   // years, -1 not known
	FirstUse int8
	Codes    [numItems]Code

	Synthetic bool // made up for a demonstration
}

// layout is the first byte of a packed record; another layout gets another number, so that an old field is never misread.
const layout = 1

// PackedSize is the length of a packed record in bytes. It is a multiple of three with room to spare, so that base64 of many records is that of one after the other.
const PackedSize = 72

// Record is the episode as it is counted.
func (e *Episode) Record() Record {
	r := Record{Person: e.Person, Facility: Number(e.Facility), Region: Number(e.Region), Year: uint16(e.Start.Time().Year()), Day: uint16(e.Start.Time().YearDay()),
		First: unknownDrug, Next: unknownDrug, Age: int8(e.Age), FirstUse: int8(e.FirstUse), Codes: e.Codes, Drugs: e.drugs()}
	for i, u := range e.Secondary {
		c := counted[u.Drug]
		r.Second |= 1 << c
		switch i {
		case 0:
			r.First, r.Next = c, noDrug
		case 1:
			r.Next = c
		}
	}
	if len(e.Secondary) == 0 {
		r.Second = 1 << unknownDrug
	}
	r.Codes[Primary] = counted[e.Codes[Primary]]
	return r
}

// drugs are the drugs of the episode as a set of counted codes, without "none".
func (e *Episode) drugs() uint64 {
	set := uint64(1) << counted[e.Codes[Primary]]
	for _, u := range e.Secondary {
		set |= 1 << counted[u.Drug]
	}
	return set &^ (1 << noDrug)
}

// Number is a short number for a name, 0 for none. Two names get the same one in fewer than one of 10^12 countries of 10,000 units.
func Number(s string) uint64 {
	if s == "" {
		return 0
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(s)) // never fails
	return max(h.Sum64(), 1)
}

// Pack is the record as the register stores it.
func (r *Record) Pack() []byte {
	b := make([]byte, 0, PackedSize)
	b = append(b, layout)
	for _, n := range []uint64{r.Person, r.Facility, r.Region, r.Drugs, r.Second} {
		b = binary.LittleEndian.AppendUint64(b, n)
	}
	b = binary.LittleEndian.AppendUint16(b, r.Year)
	b = binary.LittleEndian.AppendUint16(b, r.Day)
	b = append(b, byte(r.First), byte(r.Next), byte(r.Age), byte(r.FirstUse), 0)
	if r.Synthetic {
		b[len(b)-1] = 1
	}
	for _, c := range r.Codes {
		b = append(b, byte(c))
	}
	return b[:PackedSize] // what is to spare is zero
}

// Unpack reads what Pack wrote. A damaged field is refused, never guessed at.
func (r *Record) Unpack(b []byte) error {
	if len(b) != PackedSize || b[0] != layout {
		return fmt.Errorf("packed episode: %d bytes are not a record of layout %d", len(b), layout)
	}
	if !spare(b[used:]) || b[used-1-int(numItems)] > 1 {
		return fmt.Errorf("packed episode: something stands where nothing should")
	}
	b = b[1:]
	for _, n := range []*uint64{&r.Person, &r.Facility, &r.Region, &r.Drugs, &r.Second} {
		*n, b = binary.LittleEndian.Uint64(b), b[8:]
	}
	r.Year, r.Day, b = binary.LittleEndian.Uint16(b), binary.LittleEndian.Uint16(b[2:]), b[4:]
	r.First, r.Next, r.Age, r.FirstUse, r.Synthetic, b = Code(b[0]), Code(b[1]), int8(b[2]), int8(b[3]), b[4] == 1, b[5:]
	for i := range r.Codes {
		r.Codes[i] = Code(b[i])
		if b[i] > byte(Item(i).List().NotKnown()) {
			return fmt.Errorf("packed episode: %s has no code %d", Item(i).Key(), b[i])
		}
	}
	if r.First > unknownDrug || r.Next > unknownDrug || r.Age < -1 || r.FirstUse < -1 {
		return fmt.Errorf("packed episode: secondary drugs or ages out of range")
	}
	return nil
}

// used is how many bytes of a packed record say something.
const used = 1 + 5*8 + 2*2 + 5 + int(numItems)

func spare(b []byte) bool {
	for _, x := range b {
		if x != 0 {
			return false
		}
	}
	return true
}
