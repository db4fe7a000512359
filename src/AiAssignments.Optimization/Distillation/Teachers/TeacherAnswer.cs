using AiAssignments.Core.Datasets;

namespace AiAssignments.Optimization.Distillation.Teachers;

/// <summary>What a teacher says of a record.</summary>
/// <param name="Logits">One row of labels for a classification, one row a word for a tagging, row-major; finite. <c>null</c> with an error.</param>
/// <param name="Error">Why there are none (an image that cannot be decoded); such a record is left out.</param>
public sealed record TeacherAnswer(float[]? Logits, RecordError? Error);
