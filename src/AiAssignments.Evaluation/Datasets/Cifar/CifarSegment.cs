namespace AiAssignments.Evaluation.Datasets.Cifar;

/// <summary>A run of whole records: a batch file, or one inside a tar archive.</summary>
/// <param name="Start">Offset of the first record.</param>
/// <param name="Records">Number of records.</param>
/// <param name="FirstRecord">Index of the first record in the dataset.</param>
/// <param name="Entry">Name of the archive entry; <c>null</c> for a plain file.</param>
internal sealed record CifarSegment(long Start, long Records, long FirstRecord, string? Entry);
