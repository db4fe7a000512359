using AiAssignments.Core.Datasets;
using AiAssignments.Core.Models;
using AiAssignments.Optimization.Distillation.Teachers;

namespace AiAssignments.Tests.Distillation;

/// <summary>A teacher that is a function; it counts what it was asked.</summary>
internal sealed class FunctionTeacher(ModelTask task, IReadOnlyList<string> labels, Func<DatasetRecord, float[]?> answer) : ITeacher
{
    public int Asked { get; private set; }

    /// <summary>Throws before answering this call (1-based); 0 for never.</summary>
    public int FailsAtCall { get; init; }

    public int Calls { get; private set; }

    public string ContentHash { get; init; } = "hash-of-a-function";

    public ModelCard Card { get; } = new()
    {
        Name = "function",
        Version = "1",
        Task = task,
        Labels = labels,
        Tokenizer = task == ModelTask.ImageClassification ? null : new("wordpiece", 64),
        Image = task == ModelTask.ImageClassification ? new(12, 12, 1, "NCHW", "RGB", 1.0 / 255, [0.4], [0.3]) : null,
    };

    public Task<IReadOnlyList<TeacherAnswer>> AnswerAsync(IReadOnlyList<DatasetRecord> records, CancellationToken cancellationToken)
    {
        if (++Calls == FailsAtCall)
        {
            throw new IOException("stopped");
        }

        Asked += records.Count;
        return Task.FromResult<IReadOnlyList<TeacherAnswer>>(
            [.. records.Select(record => answer(record) is { } logits ? new TeacherAnswer(logits, null) : new TeacherAnswer(null, new(record.Position, "no-answer", "None.")))]);
    }
}
