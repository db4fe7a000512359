using System.Buffers.Binary;

namespace AiAssignments.Evaluation.Datasets.Parquet;

/// <summary>The values of one page, asked for in rising order. Those that are not asked for are not made, where the encoding allows it.</summary>
internal sealed class ValueReader
{
    private readonly PageValues? table;
    private readonly int[]? indices;
    private readonly ReadOnlyMemory<byte> plain;
    private readonly string? where;
    private int at;
    private int next;

    private ValueReader(PageValues? table, int[]? indices, ReadOnlyMemory<byte> plain, string? where = null)
    {
        this.where = where;
        this.table = table;
        this.indices = indices;
        this.plain = plain;
        Decoded = indices is null && table is not null ? table.Count : 0;
    }

    /// <summary>Values made so far.</summary>
    public long Decoded { get; private set; }

    /// <summary>Values that had to be decoded together.</summary>
    public static ValueReader Of(PageValues values) => new(values, null, default);

    /// <summary>Values of a dictionary, by indices into it.</summary>
    public static ValueReader Of(PageValues dictionary, int[] indices) =>
        indices.AsSpan().IndexOfAnyExceptInRange(0, dictionary.Count - 1) is var bad && bad >= 0
            ? throw ParquetProblem.Corrupt($"index {indices[bad]} into a dictionary of {dictionary.Count} values")
            : new ValueReader(dictionary, indices, default);

    /// <summary>Byte arrays, each behind its length; <paramref name="where"/> is for messages.</summary>
    public static ValueReader Of(ReadOnlyMemory<byte> plain, string where) => new(null, null, plain, where);

    /// <summary>The value at <paramref name="index"/>, past all that were asked for before.</summary>
    /// <exception cref="Core.Errors.ProblemException"><c>parquet-corrupt</c>: the page ends before it.</exception>
    public ParquetCell this[int index]
    {
        get
        {
            if (table is null)
            {
                for (; next < index; next++)
                {
                    at += 4 + Take().Length;
                }

                var value = Take();
                at += 4 + value.Length;
                next++;
                Decoded++;
                return new ParquetCell(true, value, 0);
            }

            if (indices is null)
            {
                return table[index];
            }

            Decoded++;
            return table[indices[index]];
        }
    }

    private ReadOnlyMemory<byte> Take()
    {
        var length = plain.Length - at >= 4 ? BinaryPrimitives.ReadInt32LittleEndian(plain.Span[at..]) : -1;
        return length >= 0 && length <= plain.Length - at - 4 ? plain.Slice(at + 4, length) : throw ParquetProblem.Corrupt("a page ends within its values", where);
    }
}
