// A student learns from a teacher that does not change.
class Distillation(string path)
{
    public void Run(IEnumerable<(Tensor X, Tensor Y)> batches)
    {
        using var teacher = Make(256);
        using var student = Make(32);
        teacher.load(path);
        teacher.eval();
        using var optimizer = optim.SGD(student.parameters(), 0.05, momentum: 0.9, weight_decay: 1e-4);
        student.train();
        foreach (var (x, y) in batches)
        {
            using var scope = NewDisposeScope();
            Tensor target;
            using (no_grad())
            {
                target = teacher.call(x).softmax(1);
            }

            optimizer.zero_grad();
            var logits = student.call(x);
            var soft = nn.functional.kl_div(logits.log_softmax(1), target);
            var loss = 0.5 * soft + 0.5 * nn.functional.cross_entropy(logits, y);
            loss.backward();
            optimizer.step();
        }

        student.eval();
        student.save("student.dat");
    }

    private static TorchSharp.Modules.Sequential Make(long width) => nn.Sequential(nn.Linear(20, width), nn.ReLU(), nn.Dropout(0.2), nn.Linear(width, 5));
}
