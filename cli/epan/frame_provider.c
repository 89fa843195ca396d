/* frame_provider.c
 * The frames that epan asks for, and their interfaces.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "frame_provider.h"

static const nstime_t *get_frame_ts(struct packet_provider_data *provider, uint32_t number)
{
    const frame_data *known[] = {provider->reference, provider->previous_displayed,
                                 provider->previous_captured};

    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        if (known[i] && known[i]->num == number)
            return &known[i]->abs_ts;
    }
    const frame_data *frame =
        provider->frames ? frame_data_sequence_find(provider->frames, number) : NULL;

    return frame ? &frame->abs_ts : NULL;
}

static const char *interface_text(struct packet_provider_data *provider, uint32_t id,
                                  const unsigned *options, size_t n_options)
{
    wtapng_iface_descriptions_t *interfaces = wtap_file_get_idb_info(provider->wth);
    wtap_block_t block = id < interfaces->interface_data->len
                             ? g_array_index(interfaces->interface_data, wtap_block_t, id)
                             : NULL;
    char *text;

    g_free(interfaces);
    for (size_t i = 0; block && i < n_options; i++) {
        if (wtap_block_get_string_option_value(block, options[i], &text) == WTAP_OPTTYPE_SUCCESS)
            return text;
    }
    return NULL;
}

static const char *get_interface_name(struct packet_provider_data *provider,
                                      uint32_t id COMPAT_SECTION_PARAMETER)
{
    static const unsigned options[] = {OPT_IDB_NAME, OPT_IDB_DESCRIPTION, OPT_IDB_HARDWARE};
    const char *name = interface_text(provider, COMPAT_INTERFACE(provider->wth, id), options,
                                      G_N_ELEMENTS(options));

    return name ? name : "unknown";
}

static const char *get_interface_description(struct packet_provider_data *provider,
                                             uint32_t id COMPAT_SECTION_PARAMETER)
{
    static const unsigned options[] = {OPT_IDB_DESCRIPTION};

    return interface_text(provider, COMPAT_INTERFACE(provider->wth, id), options,
                          G_N_ELEMENTS(options));
}

static const struct packet_provider_funcs provider_functions = {
    .get_frame_ts = get_frame_ts,
    .get_interface_name = get_interface_name,
    .get_interface_description = get_interface_description,
};

void frame_provider_begin(frame_provider *of, bool keep_frames)
{
    of->elapsed = (nstime_t)NSTIME_INIT_ZERO;
    of->bytes = 0;
    of->frames = keep_frames ? new_frame_data_sequence() : NULL;
    of->reference = of->previous_displayed = of->previous_captured = NULL;
}

void frame_provider_end(frame_provider *of)
{
    if (of->frames)
        free_frame_data_sequence(of->frames);
    of->frames = NULL;
}

epan_t *frame_provider_session(frame_provider *of)
{
    return epan_new(of, &provider_functions);
}

void frame_provider_before(frame_provider *of, frame_data *frame)
{
    frame_data_set_before_dissect(frame, &of->elapsed, &of->reference, of->previous_displayed);
    if (of->reference == frame) {
        of->kept_reference = *frame;
        of->reference = &of->kept_reference;
    }
}

void frame_provider_drop(frame_provider *of, frame_data *frame)
{
    of->kept_previous = *frame;
    of->previous_displayed = of->previous_captured = &of->kept_previous;
    frame_data_destroy(frame);
}

void frame_provider_keep(frame_provider *of, frame_data *frame)
{
    of->previous_displayed = of->previous_captured = frame_data_sequence_add(of->frames, frame);
}
