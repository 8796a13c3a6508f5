namespace SourceNet.Tests;

/// <summary>A proof that takes a minute or more: it runs where the environment variable <c>SOURCENET_SLOW_TESTS</c> is 1.</summary>
public sealed class SlowTheoryAttribute : TheoryAttribute
{
    public SlowTheoryAttribute()
    {
        if (Environment.GetEnvironmentVariable("SOURCENET_SLOW_TESTS") != "1")
        {
            Skip = "Set SOURCENET_SLOW_TESTS=1 to run it.";
        }
    }
}
