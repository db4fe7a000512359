using AiAssignments.Optimization.Distillation;

namespace AiAssignments.Benchmarks.Distillation;

/// <summary>Progress on the error stream, a line a report.</summary>
internal sealed class EpochLog(string name) : IProgress<DistillationProgress>
{
    public void Report(DistillationProgress value) => Console.Error.WriteLine(value switch
    {
        { Epoch: { } epoch } => $"{DateTime.UtcNow:HH:mm:ss} {name}: seed {value.Seed}, epoch {epoch.Epoch}, loss {epoch.TrainingLoss:F3}, validation {epoch.ValidationLoss:F3}, {epoch.ValidationAccuracy:P1}",
        { Answered: { } answered } => $"{DateTime.UtcNow:HH:mm:ss} {name}: teacher {answered} of {value.ToAnswer}",
        _ => $"{DateTime.UtcNow:HH:mm:ss} {name}: {value.Phase}",
    });
}
