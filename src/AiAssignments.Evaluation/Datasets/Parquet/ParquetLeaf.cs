namespace AiAssignments.Evaluation.Datasets.Parquet;

/// <summary>A leaf of the schema: a column as it is stored.</summary>
/// <param name="Path">Names from the top-level field down.</param>
/// <param name="Type">Physical type.</param>
/// <param name="MaxDefinition">Definition level of a value that is there.</param>
/// <param name="MaxRepetition">0 for a plain column, 1 for a list; deeper ones are not read.</param>
/// <param name="ItemDefinition">Definition level from which a list has an item; 0 for a plain column.</param>
internal sealed record ParquetLeaf(IReadOnlyList<string> Path, ParquetType Type, int MaxDefinition, int MaxRepetition, int ItemDefinition)
{
    /// <summary>The path in one word.</summary>
    public string Name => string.Join('.', Path);

    /// <summary>Whether its values are bytes.</summary>
    public bool IsBinary => Type == ParquetType.ByteArray;

    /// <summary>Whether its values are whole numbers or booleans.</summary>
    public bool IsWhole => Type is ParquetType.Boolean or ParquetType.Int32 or ParquetType.Int64;
}
