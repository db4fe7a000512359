using AiAssignments.Core.Datasets;
using AiAssignments.Core.Models;

namespace AiAssignments.Optimization.Distillation.Teachers;

/// <summary>A model whose logits a student learns. Its answers depend on the records and on nothing else.</summary>
public interface ITeacher
{
    /// <summary>Its card: the task, and the labels in the order of its logits.</summary>
    ModelCard Card { get; }

    /// <summary>Hash over everything that decides its numbers; answers are kept under it.</summary>
    string ContentHash { get; }

    /// <summary>Answers records.</summary>
    /// <param name="records">Records of its task.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>One answer a record, in order.</returns>
    Task<IReadOnlyList<TeacherAnswer>> AnswerAsync(IReadOnlyList<DatasetRecord> records, CancellationToken cancellationToken);
}
