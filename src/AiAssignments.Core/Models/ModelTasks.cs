using AiAssignments.Core.Errors;

namespace AiAssignments.Core.Models;

/// <summary>Wire names of <see cref="ModelTask"/>.</summary>
public static class ModelTasks
{
    /// <summary>The wire name, for example <c>text-classification</c>.</summary>
    /// <param name="task">The task.</param>
    public static string Name(this ModelTask task) => task switch
    {
        ModelTask.TextClassification => "text-classification",
        ModelTask.TokenClassification => "token-classification",
        ModelTask.ImageClassification => "image-classification",
        _ => throw new ArgumentOutOfRangeException(nameof(task)),
    };

    /// <summary>Reads a wire name.</summary>
    /// <param name="name">For example <c>token-classification</c>.</param>
    /// <exception cref="ProblemException"><c>task-unknown</c>.</exception>
    public static ModelTask Parse(string name) => name switch
    {
        "text-classification" => ModelTask.TextClassification,
        "token-classification" => ModelTask.TokenClassification,
        "image-classification" => ModelTask.ImageClassification,
        _ => throw new ProblemException("task-unknown", $"'{name}' is not a task; use text-classification, token-classification or image-classification."),
    };
}
