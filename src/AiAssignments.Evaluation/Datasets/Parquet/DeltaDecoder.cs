namespace AiAssignments.Evaluation.Datasets.Parquet;

/// <summary>The delta encodings (Encodings.md of parquet-format): packed differences of integers, and byte arrays whose lengths (and shared prefixes) are such integers.</summary>
internal static class DeltaDecoder
{
    /// <summary>DELTA_BINARY_PACKED.</summary>
    /// <param name="data">From the header on.</param>
    /// <param name="count">Values wanted.</param>
    /// <param name="used">Bytes read.</param>
    public static long[] Integers(ReadOnlySpan<byte> data, int count, out int used)
    {
        var at = 0;
        var blockSize = VarInt.Unsigned(data, ref at);
        var miniBlocks = VarInt.Unsigned(data, ref at);
        var total = VarInt.Unsigned(data, ref at);
        var value = VarInt.Signed(data, ref at);
        if (total != (ulong)count || miniBlocks is 0 or > 1024 || blockSize is 0 or > 1 << 20 || blockSize % miniBlocks != 0)
        {
            throw ParquetProblem.Corrupt("a delta-encoded page has a header that cannot be");
        }

        var values = new long[count];
        var perMini = (int)(blockSize / miniBlocks);
        var filled = 0;
        if (count > 0)
        {
            values[filled++] = value;
        }

        while (filled < count)
        {
            var least = VarInt.Signed(data, ref at);
            var widths = data.Slice(at, (int)miniBlocks);
            at += (int)miniBlocks;
            for (var mini = 0; mini < (int)miniBlocks && filled < count; mini++)
            {
                var bits = widths[mini];
                var wanted = Math.Min(perMini, count - filled);
                Unpack(data[at..], bits, wanted, least, ref value, values.AsSpan(filled, wanted));
                filled += wanted;
                at += (int)(((long)perMini * bits) / 8);
            }
        }

        used = Math.Min(at, data.Length);
        return values;
    }

    /// <summary>DELTA_LENGTH_BYTE_ARRAY.</summary>
    public static ReadOnlyMemory<byte>[] ByteArrays(ReadOnlyMemory<byte> data, int count, out int used)
    {
        var lengths = Integers(data.Span, count, out var at);
        var values = new ReadOnlyMemory<byte>[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = data.Slice(at, checked((int)lengths[i]));
            at += (int)lengths[i];
        }

        used = at;
        return values;
    }

    /// <summary>DELTA_BYTE_ARRAY: each value shares a prefix with the one before.</summary>
    public static ReadOnlyMemory<byte>[] FrontCoded(ReadOnlyMemory<byte> data, int count, long maxBytes)
    {
        var prefixes = Integers(data.Span, count, out var at);
        var values = ByteArrays(data[at..], count, out _);
        var previous = ReadOnlyMemory<byte>.Empty;
        for (var i = 0; i < count; i++)
        {
            if (prefixes[i] != 0)
            {
                var prefix = previous[..checked((int)prefixes[i])];

                // Shared prefixes multiply: a small page may claim gigabytes.
                maxBytes -= prefix.Length + values[i].Length;
                if (maxBytes < 0)
                {
                    throw ParquetProblem.TooLarge("a front-coded page inflates past the limit");
                }

                var joined = new byte[prefix.Length + values[i].Length];
                prefix.CopyTo(joined);
                values[i].CopyTo(joined.AsMemory(prefix.Length));
                values[i] = joined;
            }

            previous = values[i];
        }

        return values;
    }

    private static void Unpack(ReadOnlySpan<byte> data, int bits, int count, long least, ref long value, Span<long> values)
    {
        if (bits > 64)
        {
            throw ParquetProblem.Corrupt($"differences of {bits} bits");
        }

        long bit = 0;
        for (var i = 0; i < count; i++)
        {
            ulong delta = 0;
            for (var got = 0; got < bits;)
            {
                var shift = (int)(bit & 7);
                var take = Math.Min(8 - shift, bits - got);
                var part = (ulong)(data[(int)(bit >> 3)] >> shift) & ((1UL << take) - 1);
                delta |= part << got;
                got += take;
                bit += take;
            }

            value = unchecked(value + least + (long)delta);
            values[i] = value;
        }
    }
}
