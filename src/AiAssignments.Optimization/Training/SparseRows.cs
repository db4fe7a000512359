using AiAssignments.Optimization.Training.Numerics;

namespace AiAssignments.Optimization.Training;

/// <summary>The rows of a matrix that are not zero, in the order of their first use.</summary>
internal sealed class SparseRows
{
    private readonly int columns;
    private readonly int[] slots;
    private int[] rows = new int[256];
    private float[] values;

    public SparseRows(int rowCount, int columns)
    {
        this.columns = columns;
        slots = new int[rowCount];
        values = new float[rows.Length * columns];
    }

    /// <summary>Rows in use.</summary>
    public int Count { get; private set; }

    /// <summary>Indices of the rows in use.</summary>
    public ReadOnlySpan<int> Rows => rows.AsSpan(0, Count);

    /// <summary>Values of the row at a place of <see cref="Rows"/>.</summary>
    public Span<float> At(int place) => values.AsSpan(place * columns, columns);

    /// <summary>Values of a row, zero at first.</summary>
    public Span<float> Row(int row)
    {
        // Slots are kept plus one, so that a fresh array says "not in use".
        var slot = slots[row];
        if (slot == 0)
        {
            if (Count == rows.Length)
            {
                Array.Resize(ref rows, Count * 2);
                Array.Resize(ref values, Count * 2 * columns);
            }

            rows[Count] = row;
            slot = slots[row] = ++Count;
            At(slot - 1).Clear();
        }

        return At(slot - 1);
    }

    public void Add(SparseRows other)
    {
        for (var place = 0; place < other.Count; place++)
        {
            VectorKernels.Add(other.At(place), Row(other.rows[place]));
        }
    }

    public void Clear()
    {
        foreach (var row in Rows)
        {
            slots[row] = 0;
        }

        Count = 0;
    }
}
