package files

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"

	"github.com/poruch/poruch/knowledge"
)

func utf16of(order binary.AppendByteOrder) func(string) []byte {
	return func(text string) (out []byte) {
		for _, unit := range utf16.Encode([]rune("\ufeff" + text)) {
			out = order.AppendUint16(out, unit)
		}
		return out
	}
}

// encodings are the ways in which spreadsheets write a text.
var encodings = map[string]func(string) []byte{
	"utf-8":               func(text string) []byte { return []byte(text) },
	"utf-8 with its mark": func(text string) []byte { return []byte("\ufeff" + text) },
	"utf-16le":            utf16of(binary.LittleEndian),
	"utf-16be":            utf16of(binary.BigEndian),
	"windows-1251": func(text string) []byte {
		data, err := charmap.Windows1251.NewEncoder().Bytes([]byte(text))
		if err != nil {
			panic(err)
		}
		return data
	},
}

// The demo's knowledge goes through every spreadsheet: its encoding, the sign
// between its cells, its ends of lines, and the rows and columns that it adds.
func TestEverySpreadsheet(t *testing.T) {
	data, err := os.ReadFile("../../configs/brands/rankova/knowledge.yaml")
	if err != nil {
		t.Fatal(err)
	}
	data = bytes.Map(func(r rune) rune { // all encodings have the rest
		if _, ok := charmap.Windows1251.EncodeRune(r); !ok {
			return '?'
		}
		return r
	}, data)
	want, err := Parse("knowledge.yaml", bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	want = want[:15] // there are many spreadsheets
	var ours bytes.Buffer
	if err := Write(&ours, CSV, want); err != nil {
		t.Fatal(err)
	}
	rows, err := rowsOf(strings.TrimPrefix(ours.String(), mark), ';').ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for comma, first := range map[rune]string{',': "", ';': "", '\t': "", '|': "sep=|\n"} {
		for name, encode := range encodings {
			for _, end := range []string{"\n", "\r\n", "\r"} {
				text := strings.ReplaceAll(first+padded(t, rows, comma), "\n", end)
				got, err := Read("kb.csv", bytes.NewReader(encode(text)), Options{})
				if err != nil {
					t.Fatalf("%q, %s, ends %q: %v", comma, name, end, err)
				}
				if !reflect.DeepEqual(got.Entries, want) {
					t.Errorf("%q, %s, ends %q: the entries are others", comma, name, end)
				}
				guessed := len(got.Warnings) == 1 && strings.Contains(got.Warnings[0].Text, "Windows-1251")
				if guessed != (name == "windows-1251") || len(got.Warnings) > 1 {
					t.Errorf("%q, %s: warnings %v", comma, name, got.Warnings)
				}
			}
		}
	}
}

// padded is a table with an empty row at the top, between and below, and empty
// columns to the right.
func padded(t *testing.T, rows [][]string, comma rune) string {
	t.Helper()
	var b strings.Builder
	w := csv.NewWriter(&b)
	w.Comma = comma
	none := make([]string, len(rows[0])+2)
	list := [][]string{none}
	for _, row := range rows {
		list = append(list, append(append([]string{}, row...), "", ""), none)
	}
	if err := w.WriteAll(append(list, none, none)); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestTablesListMistakes(t *testing.T) {
	const head = "id,title,answer\n"
	cp866, err := charmap.CodePage866.NewEncoder().String("title,answer\nГде мой чек?,В почтовом ящике или в кабинете\n")
	if err != nil {
		t.Fatal(err)
	}
	koi8, err := charmap.KOI8U.NewEncoder().String("title,answer\nДе мій чек?,У поштовій скриньці або в кабінеті\n")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ text, want string }{
		"empty":               {"", "kb.csv: the file has no entries"},
		"header only":         {head, "kb.csv: the file has no entries"},
		"no header":           {"Де чек?,В пошті.\n", `kb.csv:1: unknown column "Де чек?"; known are id, lang, title`},
		"no title":            {"id,answer\na,b\n", "kb.csv:1: the first row names no column title"},
		"a column twice":      {"title,Питання,answer\na,b,c\n", "columns 1 and 2 both mean title"},
		"a text outside":      {head + "a,b,c,d\n", "kb.csv:2: cell 4 has a text, but its column has no name"},
		"a column unnamed":    {"title,answer,\na,b,c\n", "kb.csv:2: cell 3 has a text"},
		"a bare quote":        {head + "a,кав\"ярня,c\n", `kb.csv:2: a cell has the sign " but does not begin with it`},
		"a quote that stays":  {head + "a,\"b,c\nd,e,f\n", "kb.csv:2: a cell that begins here with the sign \" does not end well on line 3"},
		"a quote in a quote":  {head + "a,\"b\"c\",d\n", `kb.csv:2: a cell that begins with the sign " does not end with it`},
		"lines within cells":  {head + "a,x,\"1\n2\n3\"\nb,y,\"1\n2\"\nb,z,1\n", `kb.csv:7: the id "b" is already taken on line 5`},
		"no answer":           {head + "a,x,1\nb,y,\n", "kb.csv:3: there is no answer"},
		"a rounded number":    {"title,answer,audience\nx,y,\"-1,00123E+12\"\n", "kb.csv:2: the spreadsheet rounded the number in audience"},
		"an American date":    {"title,answer,until\nx,y,12/31/2026\n", `until "12/31/2026" is not a date`},
		"a time without zone": {"title,answer,from\nx,y,2026-12-31 18:00\n", `from "2026-12-31 18:00" is not a date; write 2026-12-31 or`},
		"a bad link":          {"title,answer,links\nx,y,Сайт\n", "the label of link 1 is empty"},
		"a broken letter":     {head + "a,Чек,В пошті\nb,Ціна\xff,П’ять\n", "kb.csv:3: the line is not UTF-8 like the rest"},
		"KOI8-U":              {koi8, "neither UTF-8, UTF-16 nor Windows-1251"},
		"CP866":               {cp866, "neither UTF-8, UTF-16 nor Windows-1251"},
		"no mark":             {"t\x00i\x00t\x00l\x00e\x00", "kb.csv:1: a zero byte: this is not a text, or UTF-16 without its mark"},
		"half a letter":       {"\xff\xfet\x00i", "kb.csv:1: the file ends in the middle of a letter"},
		"half a pair":         {"\xff\xfet\x00\n\x00\x00\xd8a\x00", "kb.csv:2: the line is not UTF-16 like the rest"},
		"a workbook":          {"PK\x03\x04\x14\x00\x06\x00", "kb.csv: this is a workbook"},
		"a hole in 1251":      {"title\n\xd7\xe5\xea \xe5 \x98\n", "kb.csv:2: the line has a sign that Windows-1251 does not know"},
	} {
		_, err := Parse("kb.csv", strings.NewReader(c.text))
		var mistakes *FileError
		if !errors.As(err, &mistakes) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q in it", name, err, c.want)
		}
	}
}

// Every bad row is named, not only the first.
func TestTablesGoOnAfterABadRow(t *testing.T) {
	_, err := Parse("kb.csv", strings.NewReader("title,answer\na\"b,1\nc,2\nd,\ne\"f,3\n"))
	var mistakes *FileError
	if !errors.As(err, &mistakes) {
		t.Fatal(err)
	}
	var lines []int
	for _, p := range mistakes.Problems {
		lines = append(lines, p.Line)
	}
	if !reflect.DeepEqual(lines, []int{2, 4, 5}) {
		t.Errorf("mistakes on the lines %v, want 2, 4, 5: %v", lines, err)
	}
}

// No cell that is written begins like a formula, and each is read as it was.
func TestCellsAreNoFormulas(t *testing.T) {
	for cell, want := range map[string]string{
		`=HYPERLINK("http://x","y")`: `'=HYPERLINK("http://x","y")`, "+380": "'+380", "-1": "'-1", "@a": "'@a", "\tx": "'\tx", "\rx": "'\rx",
		"＝1": "'＝1", "'=1": "''=1", "''+": "'''+", "007": "'007", "-100123": "'-100123", "100123456789": "'100123456789",
		"": "", "a=1": "a=1", "'a": "'a", "'": "'", "2026-12-31": "2026-12-31", "12": "12", "''": "''",
	} {
		if got := guard(cell); got != want || unguard(got) != cell {
			t.Errorf("%q is guarded as %q and read as %q, want %q", cell, got, unguard(got), want)
		}
	}
}

func TestIDsOfTitles(t *testing.T) {
	for title, want := range map[string]string{
		"Де мій чек?": "de-mii-chek", "  Кав’ярня / щодня! ": "kaviarnia-shchodnia", "Съёмка в 9:30": "siomka-v-9-30", "How much?": "how-much",
		"???": "", "Ґанок і її йод": "ganok-i-ii-iod", strings.Repeat("дуже довге питання ", 9): "duzhe-dovhe-pytannia-duzhe-dovhe-pytannia-duzhe-dovhe",
	} {
		if got := slug(title); got != want {
			t.Errorf("%q gives %q, want %q", title, got, want)
		}
	}
	ids := func(text string) (list []string) {
		got, err := Parse("kb.csv", strings.NewReader("id,title,answer,audience\n"+text))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range got {
			list = append(list, e.ID)
		}
		return list
	}
	one := ids(",Де чек?,1,\nde-kava,Чай,2,\n,Де кава?,3,\n,🙂🙃,4,\n,Де чек? Де?,5,\n")
	if one[0] != "de-chek" || !strings.HasPrefix(one[2], "de-kava-") || !strings.HasPrefix(one[3], "entry-") {
		t.Errorf("ids %q", one)
	}
	two := ids(",Нове,0,\n,🙂🙃,4,\n,Де кава?,3,\nde-kava,Чай,2,\n,Де чек?,1,\n")
	if two[1] != one[3] || two[2] != one[2] || two[4] != one[0] {
		t.Errorf("ids are %q, and with a new row %q", one, two)
	}
	if same := ids(",Де?,1,a\n,Де?,2,b\n,Де?,3,c\n"); same[0] == same[1] || same[1] == same[2] || same[0] == same[2] {
		t.Errorf("one title for three communities gives %q", same)
	}
}

func TestFilesDoNotFitIntoTables(t *testing.T) {
	e := []knowledge.Entry{{ID: "menu", Title: "Меню?", Lang: "uk", Answers: map[knowledge.Lang]string{"uk": "Ось."},
		Files: []knowledge.File{{Name: "menu.pdf", Type: "application/pdf", Size: 1, Data: []byte("x")}}}}
	for _, f := range []Format{CSV, TSV, Markdown} {
		var b bytes.Buffer
		err := Write(&b, f, e)
		if err == nil || !strings.Contains(err.Error(), `"menu"`) || !strings.Contains(err.Error(), "menu.pdf") || b.Len() > 0 {
			t.Errorf("%s: %v, and %d bytes were written", f, err, b.Len())
		}
	}
	e[0].Files[0].Data = nil
	if err := Write(&bytes.Buffer{}, JSONL, e); err == nil || !strings.Contains(err.Error(), "not at hand") {
		t.Errorf("a file without content was written: %v", err)
	}
}

// What a format would change is refused, and nothing is written.
func TestWriteRefusesToLose(t *testing.T) {
	e := []knowledge.Entry{{ID: "a", Title: "Де?\nКоли?", Lang: "uk", Answers: map[knowledge.Lang]string{"uk": "Тут."}}}
	var b bytes.Buffer
	if err := Write(&b, Markdown, e); err == nil || !strings.Contains(err.Error(), `"a"`) || b.Len() > 0 {
		t.Errorf("md: %v, and %d bytes were written", err, b.Len())
	}
	e[0].Title = "Де?"
	e[0].Phrasings = []string{"Де?\nКоли?"}
	if err := Write(&bytes.Buffer{}, CSV, e); err == nil || !strings.Contains(err.Error(), "its phrasings would change") {
		t.Errorf("csv: %v", err)
	}
	if err := Write(&bytes.Buffer{}, JSONL, e); err != nil {
		t.Errorf("jsonl holds it all, but: %v", err)
	}
}
