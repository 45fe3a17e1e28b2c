/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page/scan_file.h"

#include <leptonica/allheaders.h>
#include <string.h>

enum {
        SIDE_MAX = 30000,    /* pixels */
        JPEG_ENOUGH = 10000, /* longer sides are read at half their size */
        WHITE = 0xffffff00,
};

/* ---- EXIF 2.3, 4.6: JPEG segments, one of which holds a small TIFF file */

static unsigned number(const unsigned char *at, size_t size, bool little)
{
        unsigned value = 0;

        for (size_t i = 0; i < size; i++)
                value = value << 8 | at[little ? size - 1 - i : i];
        return value;
}

static int orientation_of(const unsigned char *tiff, size_t size)
{
        enum { ENTRY = 12, TAG = 0x0112 };
        bool little = size >= 8 && tiff[0] == 'I';
        size_t at, count;

        if (size < 8)
                return 1;
        at = number(tiff + 4, 4, little);
        if (at > size - 2)
                return 1;
        count = number(tiff + at, 2, little);
        for (at += 2; count-- && at + ENTRY <= size; at += ENTRY) {
                unsigned value = number(tiff + at + 8, 2, little);

                if (number(tiff + at, 2, little) == TAG)
                        return value >= 1 && value <= 8 ? (int)value : 1;
        }
        return 1;
}

int scan_file_orientation(const unsigned char *bytes, size_t size)
{
        enum { HEAD = 4, SCAN = 0xda, APP1 = 0xe1 };

        for (size_t at = 2; at + HEAD <= size && bytes[at] == 0xff && bytes[at + 1] != SCAN;) {
                size_t length = number(bytes + at + 2, 2, false);

                if (length < 2 || length > size - at - 2)
                        break;
                if (bytes[at + 1] == APP1 && length > 8 && memcmp(bytes + at + HEAD, "Exif\0\0", 6) == 0)
                        return orientation_of(bytes + at + HEAD + 6, length - 8);
                at += 2 + length;
        }
        return 1;
}

/* ---- pages */

static bool is_tiff(const struct scan_file *file)
{
        switch (file->format) {
        case IFF_TIFF:
        case IFF_TIFF_PACKBITS:
        case IFF_TIFF_RLE:
        case IFF_TIFF_G3:
        case IFF_TIFF_G4:
        case IFF_TIFF_LZW:
        case IFF_TIFF_ZIP:
        case IFF_TIFF_JPEG:
                return true;
        default:
                return false;
        }
}

static bool is_known(const struct scan_file *file)
{
        return is_tiff(file) || file->format == IFF_JFIF_JPEG || file->format == IFF_PNG ||
               file->format == IFF_BMP || file->format == IFF_GIF || file->format == IFF_WEBP;
}

bool scan_file_open(struct scan_file *ret_file, const char *bytes, size_t size, int most)
{
        struct scan_size unused;

        *ret_file = (struct scan_file){ .bytes = (const unsigned char *)bytes, .size = size, .pages = 1 };
        if (size < 16 || findFileFormatBuffer(ret_file->bytes, &ret_file->format) || !is_known(ret_file))
                return false;
        if (is_tiff(ret_file))
                while (ret_file->pages <= most && scan_file_size(ret_file, ret_file->pages, &unused))
                        ret_file->pages++;
        return true;
}

/* leptonica's header reader has no GIF: width and height stand behind the signature. */
static bool gif_size(const struct scan_file *file, struct scan_size *ret_size)
{
        ret_size->width = (int)number(file->bytes + 6, 2, true);
        ret_size->height = (int)number(file->bytes + 8, 2, true);
        ret_size->depth = 8;
        return true;
}

bool scan_file_size(const struct scan_file *file, int page, struct scan_size *ret_size)
{
        int bits = 0, samples = 0;
        bool failed;

        if (file->format == IFF_GIF)
                return gif_size(file, ret_size);
        if (is_tiff(file))
                failed = readHeaderMemTiff(file->bytes, file->size, page, &ret_size->width, &ret_size->height,
                    &bits, &samples, NULL, NULL, NULL);
        else
                failed = pixReadHeaderMem(file->bytes, file->size, NULL, &ret_size->width, &ret_size->height,
                    &bits, &samples, NULL);
        ret_size->depth = bits * samples;
        return !failed && ret_size->width > 0 && ret_size->height > 0 && ret_size->width <= SIDE_MAX &&
               ret_size->height <= SIDE_MAX;
}

static PIX *turned(PIX *pix, int orientation)
{
        static const struct {
                int quarters;
                bool mirrored;
        } turns[] = { { 0, false }, { 0, true }, { 2, false }, { 2, true }, { 3, true }, { 1, false },
                { 1, true }, { 3, false } };
        PIX *other;

        if (turns[orientation - 1].mirrored)
                pixFlipLR(pix, pix);
        if (!turns[orientation - 1].quarters)
                return pix;
        other = pixRotateOrth(pix, turns[orientation - 1].quarters);
        pixDestroy(&pix);
        return other;
}

/* Grey is asked of the decoder itself: a photograph in colour would take four times the memory. */
static PIX *jpeg_page(const struct scan_file *file)
{
        struct scan_size size;
        int smaller = 1;
        PIX *pix;

        if (!scan_file_size(file, 0, &size))
                return NULL;
        while (smaller < 8 && (size.width > smaller * JPEG_ENOUGH || size.height > smaller * JPEG_ENOUGH))
                smaller *= 2;
        pix = pixReadMemJpeg(file->bytes, file->size, 0, smaller, NULL, L_JPEG_READ_LUMINANCE);
        if (!pix)
                pix = pixReadMemJpeg(file->bytes, file->size, 0, smaller, NULL, 0);
        return pix ? turned(pix, scan_file_orientation(file->bytes, file->size)) : NULL;
}

static PIX *grey(PIX *pix)
{
        PIX *other = NULL;

        if (pixGetDepth(pix) == 32 && pixGetSpp(pix) == 4) {
                other = pixAlphaBlendUniform(pix, (l_uint32)WHITE);
                pixDestroy(&pix);
                pix = other;
        }
        if (!pix || (pixGetDepth(pix) == 1 && !pixGetColormap(pix)))
                return pix;
        other = pixConvertTo8(pix, 0);
        pixDestroy(&pix);
        return other;
}

struct Pix *scan_file_page(const struct scan_file *file, int page)
{
        PIX *pix;

        if (is_tiff(file))
                pix = pixReadMemTiff(file->bytes, file->size, page);
        else if (file->format == IFF_JFIF_JPEG)
                pix = jpeg_page(file);
        else
                pix = pixReadMem(file->bytes, file->size);
        return pix ? grey(pix) : NULL;
}
