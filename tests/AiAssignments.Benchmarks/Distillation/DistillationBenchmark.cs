using System.Globalization;

namespace AiAssignments.Benchmarks.Distillation;

/// <summary>
/// What distillation reaches on real data: <c>distillation (all|images|texts|convolutions) [SHARED-DATA [WORK-FOLDER [NAME=VALUE...]]]</c>. Prints Markdown. The
/// work folder keeps the teacher's answers and checkpoints from run to run; without one a temporary folder is used. Names are those of options, for example
/// <c>epochs=40</c>; the committed results have none.
/// </summary>
public static class DistillationBenchmark
{
    /// <summary>Runs one part, or all.</summary>
    public static int Run(string[] args)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        string[] parts = args.Length > 0 && args[0] != "all" ? [args[0]] : ["convolutions", "images", "texts"];
        var data = args.Length > 1 ? args[1] : Path.Combine("..", "shared", "data");
        var temporary = args.Length > 2 ? null : Directory.CreateTempSubdirectory("aia-distillation-").FullName;
        var work = temporary ?? args[2];
        var knobs = args.Skip(3).Select(arg => arg.Split('=')).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        if (!Directory.Exists(data))
        {
            Console.Error.WriteLine($"{data}: the shared data is not there.");
            return 2;
        }

        try
        {
            foreach (var part in parts)
            {
                switch (part)
                {
                    case "convolutions":
                        ConvolutionSpeed.Run();
                        break;
                    case "images":
                        ImageDistillation.RunAsync(data, Path.Combine(work, "images"), knobs).GetAwaiter().GetResult();
                        break;
                    case "texts":
                        TextDistillation.RunAsync(data, Path.Combine(work, "texts"), knobs).GetAwaiter().GetResult();
                        break;
                    default:
                        Console.Error.WriteLine($"'{part}' is no part; use all, convolutions, images or texts.");
                        return 2;
                }
            }
        }
        finally
        {
            if (temporary is not null)
            {
                Directory.Delete(temporary, recursive: true);
            }
        }

        return 0;
    }
}
