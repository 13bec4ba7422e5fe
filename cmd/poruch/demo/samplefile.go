package demo

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"sync"
)

// file is something small to attach.
type file struct {
	kind, name, mime string
	data             []byte
}

// sampleFile finds one of the attachments of the composers: photo or document.
func sampleFile(which string) (file, bool) {
	switch which {
	case "photo":
		return file{"photo", "kava.png", "image/png", samplePhoto()}, true
	case "document":
		return file{"document", "chek.pdf", "application/pdf", []byte(samplePDF)}, true
	}
	return file{}, false
}

// samplePDF is a receipt of one line; readers rebuild its missing index.
const samplePDF = `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 120]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj
4 0 obj<</Length 52>>stream
BT /F1 14 Tf 24 60 Td (Rankova: 2 x 250 g, 780) Tj ET
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R>>
`

// samplePhoto is a bag of coffee on a table in the morning.
var samplePhoto = sync.OnceValue(func() []byte {
	const w, h = 480, 320
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.Set(x, y, photoColour(x, y, w, h))
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err) // writing to memory does not fail
	}
	return b.Bytes()
})

func photoColour(x, y, w, h int) color.RGBA {
	in := func(x0, y0, x1, y1 int) bool { return x >= x0 && x < x1 && y >= y0 && y < y1 }
	sun := (x-370)*(x-370) + (y-84)*(y-84)
	switch {
	case in(186, 150, 294, 196):
		return color.RGBA{244, 232, 211, 255} // the label
	case in(170, 92, 310, 262), in(182, 76, 298, 92):
		return color.RGBA{uint8(74 + (x-170)/6), uint8(46 + (x-170)/9), 33, 255} // the bag
	case y > h-78:
		return color.RGBA{uint8(150 - (y-h+78)/3), 104, 72, 255} // the table
	case sun < 42*42:
		return color.RGBA{255, 226, 150, 255}
	}
	return color.RGBA{uint8(250 - y/6), uint8(214 - y/5), uint8(176 - x*20/w), 255}
}
