namespace AiAssignments.Evaluation.Datasets.Parquet;

/// <summary>The RLE / bit-packing hybrid (Encodings.md of parquet-format): levels, dictionary indices, booleans.</summary>
internal static class HybridDecoder
{
    /// <summary>Bits that hold <paramref name="max"/>.</summary>
    public static int BitsFor(int max) => 32 - System.Numerics.BitOperations.LeadingZeroCount((uint)max);

    /// <summary>Fills <paramref name="values"/> from runs of <paramref name="bits"/>-bit numbers.</summary>
    public static void Decode(ReadOnlySpan<byte> data, int bits, Span<int> values)
    {
        if (bits is < 0 or > 32)
        {
            throw ParquetProblem.Corrupt($"a run of {bits}-bit numbers");
        }

        if (bits == 0)
        {
            values.Clear();
            return;
        }

        var at = 0;
        while (!values.IsEmpty)
        {
            var head = VarInt.Unsigned(data, ref at);
            if ((head & 1) == 0)
            {
                var bytes = (bits + 7) / 8;
                var value = 0;
                for (var i = 0; i < bytes; i++)
                {
                    value |= data[at++] << (8 * i);
                }

                var run = (int)Math.Min((ulong)values.Length, head >> 1);
                values[..run].Fill(value);
                values = values[run..];
                if (run == 0)
                {
                    throw ParquetProblem.Corrupt("an empty run");
                }
            }
            else
            {
                var count = (int)Math.Min((ulong)values.Length, (head >> 1) * 8);
                Unpack(data[at..], bits, values[..count]);
                at += (int)Math.Min((ulong)(data.Length - at), (head >> 1) * (ulong)bits);
                values = values[count..];
                if (count == 0)
                {
                    throw ParquetProblem.Corrupt("an empty run");
                }
            }
        }
    }

    /// <summary>Unpacks numbers packed from the lowest bit on.</summary>
    private static void Unpack(ReadOnlySpan<byte> data, int bits, Span<int> values)
    {
        ulong window = 0;
        var held = 0;
        var at = 0;
        var mask = (1UL << bits) - 1;
        for (var i = 0; i < values.Length; i++)
        {
            while (held < bits)
            {
                window |= (ulong)data[at++] << held;
                held += 8;
            }

            values[i] = (int)(window & mask);
            window >>= bits;
            held -= bits;
        }
    }
}
