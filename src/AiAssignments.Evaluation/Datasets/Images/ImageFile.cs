using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;

namespace AiAssignments.Evaluation.Datasets.Images;

/// <summary>One image file out of an archive.</summary>
/// <param name="Position">Where it stands.</param>
/// <param name="Entry">What its path says.</param>
/// <param name="Content">Its bytes; <c>null</c> when it could not be read.</param>
/// <param name="Problem">Why not.</param>
internal sealed record ImageFile(RecordPosition Position, ImageEntry Entry, byte[]? Content, Problem? Problem);
