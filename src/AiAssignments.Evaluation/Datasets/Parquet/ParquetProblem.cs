using AiAssignments.Core.Errors;

namespace AiAssignments.Evaluation.Datasets.Parquet;

/// <summary>The problems that a Parquet file can have.</summary>
internal static class ParquetProblem
{
    /// <summary>The bytes contradict the format.</summary>
    public static ProblemException Corrupt(string what, string? where = null) =>
        new("parquet-corrupt", $"The Parquet file cannot be read: {what}. Get or write it again.", where);

    /// <summary>Something legal that this reader does not read.</summary>
    public static ProblemException Unsupported(string what, string? where = null) =>
        new("parquet-unsupported", $"The Parquet file uses what is not read here: {what}.", where);

    /// <summary>Something legal that is too large to read in bounded memory.</summary>
    public static ProblemException TooLarge(string what, string? where = null) =>
        new("parquet-too-large", $"The Parquet file is refused: {what}. Write it with smaller row groups and pages.", where);
}
