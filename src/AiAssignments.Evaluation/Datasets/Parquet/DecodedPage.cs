namespace AiAssignments.Evaluation.Datasets.Parquet;

/// <summary>A data page, its levels decoded; its values are from the first that is asked for on.</summary>
/// <param name="count">Entries: values, nulls, and empty lists.</param>
/// <param name="definitions">A definition level an entry; <c>null</c> when all are there.</param>
/// <param name="repetitions">A repetition level an entry; <c>null</c> for plain columns.</param>
/// <param name="open">Opens the values that are there.</param>
internal sealed class DecodedPage(int count, int[]? definitions, int[]? repetitions, Func<ValueReader> open)
{
    private ValueReader? values;

    /// <summary>Entries: values, nulls, and empty lists.</summary>
    public int Count => count;

    /// <summary>A definition level an entry; <c>null</c> when all are there.</summary>
    public int[]? Definitions => definitions;

    /// <summary>A repetition level an entry; <c>null</c> for plain columns.</summary>
    public int[]? Repetitions => repetitions;

    /// <summary>The values that are there.</summary>
    public ValueReader Values => values ??= open();

    /// <summary>Values made so far.</summary>
    public long Decoded => values?.Decoded ?? 0;
}
