using System.Globalization;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Optimization.Distillation;
using AiAssignments.Optimization.Distillation.Teachers;

namespace AiAssignments.Pipeline.Optimizations.Distillation;

/// <summary>Makes a small student of a teacher: from a model and a dataset to a model folder.</summary>
public static class DistillationRun
{
    private const int LongestName = 64;
    private const string Suffix = "-student";

    /// <summary>
    /// Runs, or goes on with, a distillation. The work folder keeps the teacher's answers and checkpoints: called again after a kill with the same arguments, it
    /// goes on and ends with the same student. With other arguments what does not fit is not used.
    /// </summary>
    /// <param name="teacher">The teacher, for example a <see cref="ModelTeacher"/>.</param>
    /// <param name="dataset">Records to learn from; a part of them, which the options say, is kept for validation.</param>
    /// <param name="options">How to teach.</param>
    /// <param name="workFolder">A folder for this run alone; made when it is not there, and the caller's to remove.</param>
    /// <param name="progress">Told of files of answers, epochs and writing.</param>
    /// <param name="cancellationToken">Stops between batches and steps; no student is left, and what was done is kept.</param>
    /// <exception cref="ProblemException">
    /// <c>distill-task-differs</c>, <c>distill-gate-dataset</c>, <c>distill-labels-differ</c>, <c>distill-no-labels</c>, <c>distill-too-few-records</c>,
    /// <c>distill-option</c>, <c>distill-teacher-answer</c>, <c>distill-diverged</c>, <c>distill-export-differs</c>; <c>labels-mismatch</c> and others of matching labels;
    /// <c>tokenizer-options-invalid</c>.
    /// </exception>
    public static Task<DistillationResult> RunAsync(
        ITeacher teacher,
        DistillationDataset dataset,
        DistillationOptions options,
        string workFolder,
        IProgress<DistillationProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        RunAsync(teacher, dataset, options, workFolder, progress, null, cancellationToken);

    /// <summary>As the public one.</summary>
    /// <param name="teacher">The teacher.</param>
    /// <param name="dataset">Records to learn from.</param>
    /// <param name="options">How to teach.</param>
    /// <param name="workFolder">A folder for this run.</param>
    /// <param name="progress">Told of progress.</param>
    /// <param name="moment">Called at named moments between writes, so that a test can stop there.</param>
    /// <param name="cancellationToken">Stops it.</param>
    internal static async Task<DistillationResult> RunAsync(
        ITeacher teacher,
        DistillationDataset dataset,
        DistillationOptions options,
        string workFolder,
        IProgress<DistillationProgress>? progress,
        Action<string>? moment,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(teacher);
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        CheckTask(teacher.Card, dataset);
        if (options.GateDatasetHash is { } gate && gate == dataset.ContentHash)
        {
            throw new ProblemException("distill-gate-dataset", "A student may not learn from the dataset that it is then measured on; give another one.", dataset.Name);
        }

        var labels = options.Labels ?? teacher.Card.Labels;
        var run = new Run(teacher, dataset, options, workFolder, progress, moment);
        return teacher.Card.Task switch
        {
            ModelTask.TextClassification => await run.TeachAsync(known => new TextStudent(dataset.Records, known, labels.Count, options), cancellationToken).ConfigureAwait(false),
            ModelTask.TokenClassification => await run.TeachAsync(known => new TaggingStudent(dataset.Records, known, labels.Count, options), cancellationToken).ConfigureAwait(false),
            _ => await run.TeachAsync(known => new ImageStudent(dataset.Records, known, teacher.Card, labels.Count, options), cancellationToken).ConfigureAwait(false),
        };
    }

    private static void CheckTask(ModelCard teacher, DistillationDataset dataset)
    {
        var wanted = teacher.Task switch
        {
            ModelTask.TextClassification => typeof(TextRecord),
            ModelTask.TokenClassification => typeof(WordsRecord),
            _ => typeof(ImageRecord),
        };
        if (dataset.Task != teacher.Task || dataset.Records.Any(record => record.GetType() != wanted))
        {
            throw new ProblemException(
                "distill-task-differs", $"The teacher does {teacher.Task.Name()}, and the dataset is for {dataset.Task.Name()}; give a dataset of the teacher's task.", dataset.Name);
        }
    }

    /// <summary>What one run is of.</summary>
    private sealed record Run(
        ITeacher Teacher, DistillationDataset Dataset, DistillationOptions Options, string WorkFolder, IProgress<DistillationProgress>? Progress, Action<string>? Moment)
    {
        public async Task<DistillationResult> TeachAsync<TInput>(Func<RecordLabels, IStudent<TInput>> prepare, CancellationToken cancellationToken)
        {
            var distiller = new Distiller<TInput>(Teacher, Options, WorkFolder) { Moment = Moment };
            var student = await Task.Run(() => prepare(RecordLabels.Of(Dataset, distiller.Labels)), cancellationToken).ConfigureAwait(false);
            var trained = await distiller.RunAsync(student.Examples, Progress, cancellationToken).ConfigureAwait(false);
            Progress?.Report(new DistillationProgress("writing", 0.97));
            var result = await StudentPackage.WriteAsync(
                WorkFolder, student, trained, version => Card(student, trained.Facts, distiller.Labels, version), Dataset.Records, Moment, cancellationToken).ConfigureAwait(false);
            Progress?.Report(new DistillationProgress("writing", 1));
            return result;
        }

        private ModelCard Card<TInput>(IStudent<TInput> student, DistillationFacts facts, IReadOnlyList<string> labels, string version)
        {
            var teacher = Teacher.Card;
            var claims = new Dictionary<string, double>();
            var what = teacher.Task == ModelTask.TokenClassification ? "share of right words" : "accuracy";
            var where = string.Create(CultureInfo.InvariantCulture, $"{facts.ValidationRecords} records of {Short(Dataset.Name)} held out to choose epoch and seed");
            Add($"{what} ({where})", facts.StudentAccuracy);
            Add($"teacher's {what} (the same records)", facts.TeacherAccuracy);
            Add("agreement with the teacher (the same records)", facts.Agreement);
            return new ModelCard
            {
                Name = Options.Name ?? teacher.Name[..Math.Min(teacher.Name.Length, LongestName - Suffix.Length)] + Suffix,
                Version = version,
                Task = teacher.Task,
                Labels = labels,
                Tokenizer = student.Tokenizer,
                Image = student.Image,
                Description = string.Create(CultureInfo.InvariantCulture, $"A small network taught by {teacher.Name}@{teacher.Version} (temperature {Options.Temperature}, the teacher's share {Options.Alpha})."),
                License = teacher.License,
                TrainingData = string.Create(CultureInfo.InvariantCulture, $"{facts.TrainingRecords} records of {Short(Dataset.Name)}, {facts.UnlabelledRecords} of them without a label."),
                Claims = claims,
                Lineage = new ModelLineage($"{teacher.Name}@{teacher.Version}", Options.Pass(teacher.Task)),
            };

            void Add(string name, double? value)
            {
                if (value is { } known)
                {
                    claims[name] = Math.Round(known, 4);
                }
            }
        }

        private static string Short(string name) => name.Length <= 100 ? name : name[..100];
    }
}
