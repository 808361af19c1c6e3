import Link from "next/link";
import { BUTTON, QUIET } from "./look";

export default function Home() {
  return (
    <div className="py-12 sm:py-20">
      <h1 className="max-w-xl text-4xl font-semibold tracking-tight text-balance sm:text-5xl">
        Your pictures, on paper that lasts.
      </h1>
      <p className={`mt-5 max-w-md text-base ${QUIET}`}>
        Order prints with credits, learn to develop your own film, or spend an evening at the enlarger.
      </p>
      <p className="mt-8">
        <Link href="/pricing" className={BUTTON}>
          See the shop
        </Link>
      </p>
    </div>
  );
}
