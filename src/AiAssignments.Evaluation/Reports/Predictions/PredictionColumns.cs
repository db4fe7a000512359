using AiAssignments.Core.Models;

namespace AiAssignments.Evaluation.Reports;

/// <summary>What the columns of a predictions file are.</summary>
/// <param name="Task">The model's task: a tagging has words and tags where a classification has probabilities.</param>
/// <param name="Labels">Label names in the order of <see cref="Results.PredictionRow.Probabilities"/>.</param>
/// <param name="SliceColumns">Names of <see cref="Results.PredictionRow.Slices"/>.</param>
public sealed record PredictionColumns(ModelTask Task, IReadOnlyList<string> Labels, IReadOnlyList<string> SliceColumns)
{
    /// <summary>Whether rows have words and tags.</summary>
    internal bool IsTagging => Task == ModelTask.TokenClassification;
}
