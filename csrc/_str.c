/* Reads str objects where they lie: the one file that knows Python's objects, built for one version of CPython.
 *
 * The caller keeps the str or the tuple alive during the call, and neither ever changes, even if other threads have it.
 * So nothing here counts references or calls Python, and it may run without the GIL. Anything but an exact str (or, on
 * CPython 3.11, a str that is not yet in its final form) is left to the portable path.
 */
#include <Python.h>

#if defined(PYPY_VERSION) || defined(GRAALVM_PYTHON)
#error "id() is not an address here: this Python uses the portable module"
#endif

#include "single.h"

typedef struct {
    int kind;
    const void *data;
    size_t length;
} characters;

static inline bool characters_of(PyObject *object, characters *text)
{
    if (!PyUnicode_CheckExact(object))
        return false;
#if PY_VERSION_HEX < 0x030C0000
    if (!PyUnicode_IS_READY(object))
        return false;
#endif
    text->kind = (int)PyUnicode_KIND(object);
    text->data = PyUnicode_DATA(object);
    text->length = (size_t)PyUnicode_GET_LENGTH(object);
    return true;
}

int64_t smscodec_scan_str(uintptr_t address)
{
    characters text;
    if (!characters_of((PyObject *)address, &text))
        return SMSCODEC_ASK;
    smscodec_load load = smscodec_scan(smscodec_best_path(), text.kind, text.data, text.length);
    return smscodec_in_one(&load);
}

int64_t smscodec_waste_str(uintptr_t address, int32_t alphabet, int64_t limit)
{
    characters text;
    if (!characters_of((PyObject *)address, &text))
        return SMSCODEC_ASK;
    return smscodec_waste(alphabet, limit, text.kind, text.data, text.length);
}

size_t smscodec_cuts_str(uintptr_t address, int32_t alphabet, int64_t limit, uint32_t *cuts, size_t most)
{
    characters text;
    if (!characters_of((PyObject *)address, &text))
        return 0;
    return smscodec_cuts(alphabet, limit, text.kind, text.data, text.length, cuts, most);
}

int32_t smscodec_encode_str(uintptr_t address, const smscodec_style *style, const uint32_t *bounds, uint32_t segments,
                            int32_t reference, uint8_t *slots)
{
    characters text;
    if (!characters_of((PyObject *)address, &text))
        return SMSCODEC_NOT_TEXT;
    return smscodec_encode_one(text.kind, text.data, text.length, style, bounds, segments, reference, slots);
}

int64_t smscodec_count_str(uintptr_t address)
{
    characters text;
    if (!characters_of((PyObject *)address, &text))
        return SMSCODEC_ASK;
    smscodec_load load = smscodec_scan(smscodec_best_path(), text.kind, text.data, text.length);
    return load.code ? SMSCODEC_ASK : smscodec_segments(&load, SMSCODEC_PLAIN, text.kind, text.data, text.length);
}

/* Texts lie anywhere in memory: the characters of one are on their way to the cache while those before it are counted.
 * An address past the end of a short one does no harm. */
enum { AHEAD = 6, LINE = 64, LINES = 3 };

static inline void fetch(PyObject *const *texts, int64_t row, int64_t rows)
{
#ifdef __GNUC__
    if (row < rows)
        for (unsigned line = 0; line < LINES; line++)
            __builtin_prefetch((const void *)((uintptr_t)texts[row] + LINE * line));
#endif
}

/* Characters after which a call returns to Python, so that Ctrl-C works between long texts. */
enum { A_CALL = 1 << 24 };

smscodec_result smscodec_count_tuple(int path, uintptr_t address, int64_t row, const uint32_t *rooms,
                                     const smscodec_columns *columns)
{
    PyObject *const *texts = ((PyTupleObject *)address)->ob_item;
    const int64_t rows = PyTuple_GET_SIZE((PyObject *)address);
    for (size_t counted = 0; row < rows && counted < A_CALL; row++) {
        characters text;
        fetch(texts, row + AHEAD, rows);
        if (!characters_of(texts[row], &text))
            return (smscodec_result){SMSCODEC_NOT_TEXT, row, 0};
        smscodec_load load = smscodec_scan(path, text.kind, text.data, text.length);
        if (load.code)
            return (smscodec_result){load.code, row, load.position};
        if (!smscodec_write(columns, row, &load, smscodec_segments(&load, rooms, text.kind, text.data, text.length)))
            return (smscodec_result){SMSCODEC_TOO_LONG, row, 0};
        counted += text.length;
    }
    return (smscodec_result){SMSCODEC_OK, row, 0};
}

/* Text number `first` of the tuple is the message in row 0 of the orders. */
smscodec_result smscodec_encode_tuple(int path, uintptr_t address, int64_t first, int64_t row, int64_t end,
                                      const smscodec_orders *orders, smscodec_output *output)
{
    PyObject *const *texts = ((PyTupleObject *)address)->ob_item + first;
    for (; row < end; row++) {
        characters text;
        int64_t position = 0;
        fetch(texts, row + AHEAD, end);
        if (!characters_of(texts[row], &text))
            return (smscodec_result){SMSCODEC_NOT_TEXT, row, 0};
        const int32_t code =
            smscodec_encode_message(path, text.kind, text.data, text.length, orders, row, output, &position);
        if (code)
            return (smscodec_result){code, row, position};
        *output->firsts++ = (int32_t)(output->first_segment + (int64_t)output->segment_count);
    }
    return (smscodec_result){SMSCODEC_OK, row, 0};
}
