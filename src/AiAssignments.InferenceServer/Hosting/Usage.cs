namespace AiAssignments.InferenceServer.Hosting;

/// <summary>What <c>--help</c> prints.</summary>
internal static class Usage
{
    /// <summary>The text; each option stands at the beginning of a line.</summary>
    public const string Text = """
        Serves ONNX models over the Open Inference Protocol v2, HTTP and gRPC.

        Usage: AiAssignments.InferenceServer --models FOLDER [options]

        Options (each also from the environment, as AIA_ and the name with underscores: AIA_GRPC_URLS)
          --models FOLDER             models: NAME/VERSION/model.onnx, or NAME/model.onnx; needed
          --urls URLS                 where HTTP listens, separated by ';' (http://127.0.0.1:8000)
          --grpc-urls URLS            where gRPC listens, or none (http://127.0.0.1:8001)
          --device cpu|cuda           where models run (cpu)
          --device-id N               which GPU (0)
          --load all|none|NAMES       models to load before the server says ready, separated by ',' (all)
          --exit-on-error true|false  whether a model that cannot be loaded ends the process (true)
          --body-limit BYTES          most bytes of a request, decompressed (67108864)
          --memory MIB                memory of all loaded models (60 % of what there is)
          --lanes N                   batches side by side (one a physical core; 1 on a GPU)
          --batch-rows N              most rows of a batch (64; 256 on a GPU)
          --batch-tokens N            most ids of a batch, padding included (256; 16384 on a GPU)
          --batch-delay MS            how long a batch waits to fill (0)
          --queue-rows N              rows that may wait for one model (2048)
          --timeout SECONDS           how long a request waits that says none (30)

        Who may call (asked for on any address but the loopback)
          --auth keys|jwt|none        or keys,jwt; the key is that of AIA_ADMIN_KEY
          --jwt-issuer URL            who issues the tokens
          --jwt-audience NAME         for whom they are
          --jwt-metadata URL          where the issuer tells its keys
          --jwt-keys FILE             the keys themselves, as a JWK set
          --jwt-clock-skew SECONDS    how far clocks may be apart
          --jwt-read-roles ROLES      roles that may ask
          --jwt-write-roles ROLES     roles that may write
          --jwt-admin-roles ROLES     roles that may load and unload
          --rate-limit RATE           of one caller: PER_SECOND, PER_SECOND/BURST or off (off)
          --anonymous-rate-limit RATE of one address without a credential (100/500)

          --help, -h                  this text
        """;

    /// <summary>Whether a command line asks for it.</summary>
    public static bool IsAsked(string[] args) => args.Any(arg => arg is "--help" or "-h" or "-?");
}
