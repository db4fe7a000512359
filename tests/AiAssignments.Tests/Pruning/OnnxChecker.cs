using System.Diagnostics;

namespace AiAssignments.Tests.Pruning;

/// <summary>ONNX's own checker on all files of a folder, shapes inferred and compared with the declared ones, where Debian's python3-onnx is installed.</summary>
internal static class OnnxChecker
{
    private const string Script = """
        import sys, glob, onnx
        bad = 0
        for path in sorted(glob.glob(sys.argv[1] + '/*.onnx')):
            try:
                onnx.checker.check_model(path, full_check=True)
            except Exception as e:
                bad += 1
                print(path.split('/')[-1], str(e).strip().split('\n')[0])
        sys.exit(1 if bad else 0)
        """;

    private static readonly bool IsHere = Python("-c", "import onnx").Exit == 0;

    public static void Check(string folder)
    {
        if (IsHere)
        {
            var (exit, output) = Python("-c", Script, folder);
            Assert.True(exit == 0, output);
        }
    }

    private static (int Exit, string Output) Python(params string[] arguments)
    {
        if (!File.Exists("/usr/bin/python3"))
        {
            return (-1, string.Empty);
        }

        using var process = Process.Start(new ProcessStartInfo("/usr/bin/python3", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }
}
